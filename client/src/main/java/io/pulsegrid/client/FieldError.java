package io.pulsegrid.client;

/**
 * One thing wrong with one field.
 *
 * @param field its path as it was sent, such as {@code when.zone}
 * @param message what is wrong and what would be right
 */
public record FieldError(String field, String message) {}
