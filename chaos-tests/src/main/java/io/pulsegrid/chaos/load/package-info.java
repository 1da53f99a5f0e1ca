/**
 * What users do while things break: posts imported, posts scheduled, searches asked. It keeps what
 * was acknowledged to it; it never judges.
 */
@NullMarked
package io.pulsegrid.chaos.load;

import org.jspecify.annotations.NullMarked;
