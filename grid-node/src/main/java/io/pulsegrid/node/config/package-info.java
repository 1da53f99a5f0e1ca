/**
 * What a person can set, feature by feature, checked where it enters. It never decides what a
 * setting does.
 */
@NullMarked
package io.pulsegrid.node.config;

import org.jspecify.annotations.NullMarked;
