/**
 * A small house in which every rule is broken once, so that each rule is seen to bite. It is never
 * run, and one of its packages lacks what this one has.
 */
@NullMarked
package io.pulsegrid.chaos.crooked;

import org.jspecify.annotations.NullMarked;
