/** Holds what is handed out to what is said of it: the archive, the images, the manifests. */
@NullMarked
package io.pulsegrid.distribution;

import org.jspecify.annotations.NullMarked;
