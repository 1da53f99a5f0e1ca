/** The stand-in's own REST face under /sim. It never creates anything on a platform. */
@NullMarked
package io.pulsegrid.sim.control;

import org.jspecify.annotations.NullMarked;
