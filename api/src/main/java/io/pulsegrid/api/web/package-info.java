/**
 * What every resource shares: paging, checking of input, ETags, idempotent answers, the bound on
 * bodies. It never knows what a resource means.
 */
@NullMarked
package io.pulsegrid.api.web;

import org.jspecify.annotations.NullMarked;
