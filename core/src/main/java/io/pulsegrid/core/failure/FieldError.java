package io.pulsegrid.core.failure;

/**
 * One thing wrong with one field of an input.
 *
 * @param field the field's path as the caller wrote it, such as {@code when.zone}
 * @param message what is wrong and what would be right, in one sentence
 */
public record FieldError(String field, String message) {}
