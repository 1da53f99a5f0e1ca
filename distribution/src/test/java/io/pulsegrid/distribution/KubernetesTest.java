package io.pulsegrid.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Role;
import io.kubernetes.client.openapi.models.V1RoleBinding;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * The manifests by the models that Kubernetes publishes of its API, which refuse what it does not
 * know or misses, and by what they promise. KEDA publishes no such models for Java: its object is
 * held to what it names.
 */
class KubernetesTest {
  private interface Model {
    void validate(JsonElement json) throws IOException;
  }

  private static final Map<String, Model> MODELS =
      Map.ofEntries(
          Map.entry("Namespace", V1Namespace::validateJsonElement),
          Map.entry("ServiceAccount", V1ServiceAccount::validateJsonElement),
          Map.entry("Role", V1Role::validateJsonElement),
          Map.entry("RoleBinding", V1RoleBinding::validateJsonElement),
          Map.entry("NetworkPolicy", V1NetworkPolicy::validateJsonElement),
          Map.entry("Secret", V1Secret::validateJsonElement),
          Map.entry("Service", V1Service::validateJsonElement),
          Map.entry("StatefulSet", V1StatefulSet::validateJsonElement),
          Map.entry("PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement),
          Map.entry("PersistentVolumeClaim", V1PersistentVolumeClaim::validateJsonElement),
          Map.entry("HorizontalPodAutoscaler", V2HorizontalPodAutoscaler::validateJsonElement));

  /** Kinds that Kubernetes itself does not know; and patches, which are but parts. */
  private static final Set<String> OTHERS = Set.of("Kustomization", "ScaledObject");

  /** A document of a file. */
  record Manifest(Path file, JsonNode content) {
    String kind() {
      return content.path("kind").stringValue();
    }

    @Override
    public String toString() {
      return Sources.file("config/kubernetes").relativize(file) + " " + kind();
    }
  }

  static Stream<Manifest> manifests() {
    return Sources.files("config/kubernetes", ".yaml").stream()
        .flatMap(file -> Sources.yaml(file).stream().map(content -> new Manifest(file, content)))
        .filter(manifest -> !manifest.file().endsWith("same-model.yaml"));
  }

  static Stream<Manifest> known() {
    return manifests().filter(manifest -> !OTHERS.contains(manifest.kind()));
  }

  @ParameterizedTest
  @MethodSource("known")
  void followsTheModelOfItsKind(Manifest manifest) {
    Model model = Objects.requireNonNull(MODELS.get(manifest.kind()), manifest.kind());

    assertThatCode(() -> model.validate(JsonParser.parseString(manifest.content().toString())))
        .doesNotThrowAnyException();
    assertThatThrownBy(
            () ->
                model.validate(
                    JsonParser.parseString(
                        manifest.content().toString().replaceFirst("\"metadata\"", "\"metdata\""))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void nodesStandApartAreProbedAndHandOverBeforeTheyEnd() {
    List<Manifest> sets = manifests().filter(one -> one.kind().equals("StatefulSet")).toList();
    assertThat(sets).hasSize(2);
    for (Manifest set : sets) {
      JsonNode spec = set.content().path("spec");
      JsonNode pod = spec.at("/template/spec");
      JsonNode node = pod.at("/containers/0");
      assertThat(spec.path("serviceName").stringValue()).isEqualTo("pulsegrid-grid");
      // One after the other would wait for ever: the first is not ready without a majority.
      assertThat(spec.path("podManagementPolicy").stringValue()).isEqualTo("Parallel");
      assertThat(pod.path("terminationGracePeriodSeconds").intValue()).isGreaterThan(60);
      assertThat(
              pod.at(
                      "/affinity/podAntiAffinity"
                          + "/requiredDuringSchedulingIgnoredDuringExecution/0/topologyKey")
                  .stringValue())
          .isEqualTo("kubernetes.io/hostname");
      for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
        assertThat(node.path(probe).at("/httpGet/path").stringValue())
            .startsWith("/actuator/health/");
      }
      assertThat(pod.at("/securityContext/runAsNonRoot").booleanValue()).isTrue();
      assertThat(node.at("/resources/limits/memory").stringValue()).isNotBlank();
    }
  }

  @Test
  void programsReachEveryNodeBehindCertificates() {
    for (Manifest set : manifests().filter(one -> one.kind().equals("StatefulSet")).toList()) {
      JsonNode node = set.content().at("/spec/template/spec/containers/0");
      assertThat(named(node.path("env"), "PULSEGRID_CLIENT_HOST").path("value").stringValue())
          .isEqualTo("0.0.0.0");
      assertThat(named(node.path("env"), "PULSEGRID_TLS_KEYSTORE").isMissingNode()).isFalse();
      assertThat(named(node.path("ports"), "programs").path("containerPort").intValue())
          .isEqualTo(10_800);
    }
    JsonNode service =
        manifests()
            .filter(one -> one.kind().equals("Service"))
            .map(Manifest::content)
            .filter(one -> one.at("/metadata/name").stringValue().equals("pulsegrid"))
            .findFirst()
            .orElseThrow();
    assertThat(named(service.at("/spec/ports"), "programs").path("targetPort").stringValue())
        .isEqualTo("programs");
    // Not open to all, as REST is: to those that say they are programs.
    assertThat(one("NetworkPolicy").at("/spec/ingress"))
        .anySatisfy(
            way -> {
              assertThat(way.at("/ports/0/port").intValue()).isEqualTo(10_800);
              assertThat(
                      way.at("/from/0/podSelector/matchLabels")
                          .path("pulsegrid.io/program")
                          .asString(""))
                  .isEqualTo("true");
            });
  }

  private static JsonNode named(JsonNode list, String name) {
    return list.valueStream()
        .filter(one -> one.path("name").stringValue().equals(name))
        .findFirst()
        .orElse(MissingNode.getInstance());
  }

  @Test
  void autoscalersOnlyEverAdd() {
    JsonNode keda = one("ScaledObject");
    JsonNode plain = one("HorizontalPodAutoscaler");

    assertThat(
            keda.at("/spec/advanced/horizontalPodAutoscalerConfig/behavior/scaleDown/selectPolicy")
                .stringValue())
        .isEqualTo("Disabled");
    assertThat(plain.at("/spec/behavior/scaleDown/selectPolicy").stringValue())
        .isEqualTo("Disabled");
    assertThat(keda.path("apiVersion").stringValue()).isEqualTo("keda.sh/v1alpha1");
    assertThat(keda.at("/spec/scaleTargetRef/name").stringValue()).isEqualTo("pulsegrid");
    assertThat(keda.at("/spec/triggers/0/type").stringValue()).isEqualTo("prometheus");
    assertThat(keda.at("/spec/triggers/0/metadata/query").stringValue())
        .contains("pulsegrid_queue_stage");
    assertThat(keda.at("/spec/triggers/1/type").stringValue()).isEqualTo("cpu");
  }

  @Test
  void applyingAgainTakesNoNodeAway() {
    // A number in a manifest would undo, with each apply, what scaled the nodes meanwhile; and one
    // that an overlay takes out again would be one replica, which is what Kubernetes puts there.
    for (Path file : Sources.files("config/kubernetes", ".yaml")) {
      assertThat(Sources.yaml(file))
          .as(file.toString())
          .noneMatch(one -> one.path("spec").has("replicas"));
    }
    assertThat(one("ScaledObject").at("/spec/minReplicaCount").intValue()).isEqualTo(3);
    assertThat(one("HorizontalPodAutoscaler").at("/spec/minReplicas").intValue()).isEqualTo(3);
    assertThat(Sources.text("docs/operations.md"))
        .contains("kubectl -n pulsegrid scale statefulset/pulsegrid --replicas=3");
  }

  private static JsonNode one(String kind) {
    return manifests().filter(it -> it.kind().equals(kind)).findFirst().orElseThrow().content();
  }
}
