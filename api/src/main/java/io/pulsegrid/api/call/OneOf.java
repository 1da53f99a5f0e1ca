package io.pulsegrid.api.call;

import jakarta.validation.constraints.NotBlank;

/** The body that names one resource. */
public record OneOf(@NotBlank String id) implements Named {}
