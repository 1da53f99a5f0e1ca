package io.pulsegrid.api.web;

import io.pulsegrid.api.problem.Problem;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.util.List;
import java.util.Map;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the OpenAPI document says of every operation: the key, the problems, the headers. */
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {
  private static final String KEY = "key";
  private static final String IMPORT = "/api/v1/posts/import";
  private static final List<String> REPEATABLE_ANYWAY =
      List.of(IMPORT, "/api/v1/embeddings", "/api/v1/sql", "/api/v1/verify");

  @Bean
  OpenAPI about() {
    return new OpenAPI()
        .info(
            new Info()
                .title("Pulsegrid")
                .version("v1")
                .description(
                    "Publishes posts in time and tells what is starting to trend. Errors are RFC"
                        + " 9457 problems with a stable `code`; lists are cut into pages by `limit`"
                        + " and `cursor`; POSTs repeat safely with `Idempotency-Key`; single"
                        + " resources carry an ETag, and changes honour If-Match. Every answer to a"
                        + " key tells by `RateLimit` and `RateLimit-Policy` how it stands."))
        .servers(List.of(new Server().url("/").description("this node")))
        .components(
            new Components()
                .addSecuritySchemes(
                    KEY,
                    new SecurityScheme()
                        .type(SecurityScheme.Type.HTTP)
                        .scheme("bearer")
                        .bearerFormat("pg_...")
                        .description("an API key; scopes are read, write and admin")))
        .addSecurityItem(new SecurityRequirement().addList(KEY));
  }

  @Bean
  GlobalOpenApiCustomizer everyOperation() {
    return api -> {
      ModelConverters.getInstance(true)
          .readAll(Problem.class)
          .forEach((name, schema) -> api.getComponents().addSchemas(name, schema));
      api.getPaths()
          .forEach(
              (path, item) ->
                  item.readOperationsMap()
                      .forEach((method, operation) -> complete(path, method, operation)));
    };
  }

  private static void complete(String path, PathItem.HttpMethod method, Operation operation) {
    boolean changes = method != PathItem.HttpMethod.GET;
    boolean single = path.endsWith("}") || path.endsWith("/block");
    problem(operation, "401", "No key, or one that is not known");
    problem(operation, "403", "The key lacks a scope");
    problem(operation, "429", "More than this key may ask: come back after Retry-After");
    problem(operation, "503", "Not now: come back after Retry-After");
    problem(operation, "500", "Something failed inside");
    if (path.contains("{")) {
      problem(operation, "404", "Unknown, or another workspace's");
    }
    if (operation.getParameters() != null || operation.getRequestBody() != null) {
      problem(operation, "422", "A field is invalid");
      problem(operation, "400", "Malformed");
    }
    if (operation.getRequestBody() != null) {
      problem(operation, "415", "Another Content-Type is needed");
      if (!path.equals(IMPORT)) {
        problem(operation, "413", "Larger than 1 MiB, or 32 MiB for a batch");
      }
    }
    if ((changes && path.contains("{")) || operation.getResponses().containsKey("201")) {
      problem(operation, "409", "Something is in flight, or stands against it");
    }
    if (changes && single && !path.endsWith("/block")) {
      problem(operation, "412", "If-Match names an older version");
    }
    if (method == PathItem.HttpMethod.GET && single) {
      header(operation, "200", "ETag", "the version shown");
    }
    header(operation, "201", "Location", "where the new resource is");
    header(operation, "201", "ETag", "the version shown");
    if (method == PathItem.HttpMethod.POST && !REPEATABLE_ANYWAY.contains(path)) {
      operation.addParametersItem(
          new HeaderParameter()
              .name(Answers.IDEMPOTENCY_KEY)
              .required(false)
              .description(
                  "1 to 255 characters, kept 24 h: the same request under the same key is answered"
                      + " as the first time and done once")
              .schema(new StringSchema().maxLength(255)));
    }
  }

  private static void problem(Operation operation, String status, String what) {
    Schema<?> schema = new Schema<>().$ref("#/components/schemas/Problem");
    ApiResponse response =
        new ApiResponse()
            .description(what)
            .content(
                new Content()
                    .addMediaType("application/problem+json", new MediaType().schema(schema)));
    if (status.equals("503") || status.equals("429")) {
      response.setHeaders(Map.of("Retry-After", text("seconds")));
    }
    if (status.equals("401")) {
      response.setHeaders(Map.of("WWW-Authenticate", text("how to ask")));
    }
    operation.getResponses().addApiResponse(status, response);
  }

  private static void header(Operation operation, String status, String name, String what) {
    ApiResponse response = operation.getResponses().get(status);
    if (response != null) {
      response.addHeaderObject(name, text(what));
    }
  }

  private static Header text(String what) {
    return new Header().description(what).schema(new StringSchema());
  }
}
