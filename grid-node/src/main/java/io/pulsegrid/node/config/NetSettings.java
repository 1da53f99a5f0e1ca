package io.pulsegrid.node.config;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the node may call.
 *
 * @param allowPrivate whether sources, channels and webhooks may stand on loopback, link-local and
 *     other private addresses; turn it off where people you do not trust may add them
 */
@ConfigurationProperties("pulsegrid.net")
public record NetSettings(@DefaultValue("true") boolean allowPrivate) {}
