package io.pulsegrid.api.call;

import io.pulsegrid.api.web.Paging;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;

/** The body that asks for a part of what belongs to one resource. */
public record PartOf(@NotBlank String id, @NotNull Paging page) {}
