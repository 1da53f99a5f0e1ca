package io.pulsegrid.node.config;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where Kubernetes is asked for the other nodes ({@code pulsegrid.grid.kubernetes.*}).
 *
 * @param namespace the namespace of the nodes
 * @param service the headless service whose endpoints they are
 * @param api where the API server answers
 * @param token the file that holds the service account's token; it must be allowed to get endpoints
 */
public record KubernetesSettings(
    @DefaultValue("default") String namespace,
    @DefaultValue("pulsegrid") String service,
    @DefaultValue("https://kubernetes.default.svc.cluster.local:443") String api,
    @DefaultValue("/var/run/secrets/kubernetes.io/serviceaccount/token") String token) {
  public KubernetesSettings {
    require(!namespace.isBlank(), "namespace must not be blank");
    require(!service.isBlank(), "service must not be blank");
    require(api.startsWith("https://"), "api must start with https://, was " + api);
    require(!token.isBlank(), "token must name a file");
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }
}
