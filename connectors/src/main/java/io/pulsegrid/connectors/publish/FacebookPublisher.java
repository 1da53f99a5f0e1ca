package io.pulsegrid.connectors.publish;

import io.pulsegrid.connectors.http.Heard;
import io.pulsegrid.connectors.limits.MetaLimits;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Measure;
import io.pulsegrid.core.publish.Outcome;
import io.pulsegrid.core.publish.TokenRenewal;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Publishes on a Facebook Page, whose token it is given; the last link in a text is previewed. */
final class FacebookPublisher extends WebPublisher {
  private static final int PAGE = 100;

  private final TokenRenewal renewal;

  FacebookPublisher(Outside outside) {
    super(outside, new MetaLimits());
    renewal = new GraphRenewal(outside);
  }

  @Override
  public Optional<TokenRenewal> renewal() {
    return Optional.of(renewal);
  }

  @Override
  public String platform() {
    return "facebook";
  }

  @Override
  List<FieldError> faults(Channel.Spec spec, Channel.Credentials credentials) {
    return Graph.faults(credentials);
  }

  @Override
  List<Measure> measures(String text) {
    return List.of(length("", Texts.codePoints(text), "characters"));
  }

  @Override
  Outcome send(Exchange exchange) throws IOException, InterruptedException {
    String text = exchange.call().text();
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("message", text);
    Texts.lastLink(text).ifPresent(link -> fields.put("link", link));
    Heard heard =
        exchange.create(Graph.request(exchange, "/me/feed"), Exchange.FORM, Texts.form(fields));
    return heard.status() == 200
        ? exchange.created(heard, heard.text("/id"), url(heard.text("/id")))
        : Graph.answered(exchange, heard);
  }

  @Override
  Identity account(Exchange exchange) throws Ended, IOException, InterruptedException {
    Heard heard = exchange.ask(Graph.request(exchange, "/me?fields=id"));
    if (Graph.isOver(heard)) {
      throw new Ended(Graph.unprepared(exchange, heard));
    }
    if (!heard.ok()) {
      throw exchange.unusable(heard, Exchange.detail(heard, Graph.said(heard)));
    }
    return known(exchange, RecentPosts.id(heard.text("/id")));
  }

  @Override
  String mark(String text) {
    return RecentPosts.comparable(text);
  }

  @Override
  Probe look(Exchange exchange, RecentPosts recent)
      throws Ended, IOException, InterruptedException {
    String wanted = mark(exchange.call().text());
    return recent.find(
        from -> page(exchange, from),
        post -> RecentPosts.comparable(post.text()).equals(wanted),
        null);
  }

  private static RecentPosts.Page page(Exchange exchange, @Nullable String from)
      throws Ended, IOException, InterruptedException {
    String older = from == null ? "" : "&after=" + Texts.encoded(from);
    Heard heard =
        exchange.read(
            Graph.request(
                exchange,
                "/me/feed?fields=id,message,created_time,permalink_url&limit=" + PAGE + older));
    return Graph.page(heard, "message", "created_time", "permalink_url");
  }

  private static String url(String id) {
    return "https://www.facebook.com/" + id;
  }
}
