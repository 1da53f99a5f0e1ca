/** Sources as resources. It never visits one. */
@NullMarked
package io.pulsegrid.api.sources;

import org.jspecify.annotations.NullMarked;
