@NullMarked
package io.pulsegrid.api.telling;

import org.jspecify.annotations.NullMarked;
