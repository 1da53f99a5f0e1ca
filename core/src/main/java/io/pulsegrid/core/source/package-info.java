/** Places that are collected again and again. It never opens a connection. */
@NullMarked
package io.pulsegrid.core.source;

import org.jspecify.annotations.NullMarked;
