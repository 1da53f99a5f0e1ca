/**
 * The pages for people, rendered here and refreshed in place. They never change anything that the
 * API could not.
 */
@NullMarked
package io.pulsegrid.api.pages;

import org.jspecify.annotations.NullMarked;
