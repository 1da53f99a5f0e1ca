package io.pulsegrid.api;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.PropertySource;

/**
 * Everything a node imports to answer over HTTP: controllers, security, pages. It wants every port
 * of core as a bean, and an {@link java.time.InstantSource}.
 */
@Configuration(proxyBeanMethods = false)
@ComponentScan
@EnableConfigurationProperties(ApiSettings.class)
@PropertySource("classpath:io/pulsegrid/api/api.properties")
public class ApiConfiguration {}
