package io.pulsegrid.api.problem;

import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** The refusal behind a failure, once those who know its words have told it in ours. */
@Component
public final class Translations {
  private final List<FailureTranslation> all;

  Translations(ObjectProvider<FailureTranslation> all) {
    this.all = all.stream().toList();
  }

  /** Never fails. */
  public Refusal refusal(Throwable failure) {
    return Refusals.of(
        all.stream()
            .flatMap(translation -> translation.told(failure).stream())
            .map(Throwable.class::cast)
            .findFirst()
            .orElse(failure));
  }
}
