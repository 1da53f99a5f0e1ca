/**
 * The door every platform call goes through, and the faults that can wait behind it. It never
 * decides what a platform would have answered.
 */
@NullMarked
package io.pulsegrid.sim.fault;

import org.jspecify.annotations.NullMarked;
