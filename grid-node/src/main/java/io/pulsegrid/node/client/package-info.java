/**
 * The door of programs: an Ignite service that takes one message and answers one. What is asked is
 * answered by the front's own deeds; nothing is decided here.
 */
@NullMarked
package io.pulsegrid.node.client;

import org.jspecify.annotations.NullMarked;
