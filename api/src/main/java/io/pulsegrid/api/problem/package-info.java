/**
 * How every refusal is told: RFC 9457 problem details with a stable code and the fields at fault.
 * It never lets an exception's own text out unless that text was written for the caller.
 */
@NullMarked
package io.pulsegrid.api.problem;

import org.jspecify.annotations.NullMarked;
