/** Requests and replies as the stand-in's parts see them. It never knows a platform. */
@NullMarked
package io.pulsegrid.sim.http;

import org.jspecify.annotations.NullMarked;
