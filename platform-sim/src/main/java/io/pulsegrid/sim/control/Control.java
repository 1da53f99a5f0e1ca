package io.pulsegrid.sim.control;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.pulsegrid.sim.fault.Fault;
import io.pulsegrid.sim.fault.FaultReader;
import io.pulsegrid.sim.fault.Faults;
import io.pulsegrid.sim.http.Reply;
import io.pulsegrid.sim.http.Request;
import io.pulsegrid.sim.http.RequestRefused;
import io.pulsegrid.sim.http.Wire;
import io.pulsegrid.sim.judge.Ledger;
import io.pulsegrid.sim.judge.LimitRule;
import io.pulsegrid.sim.judge.Limits;
import io.pulsegrid.sim.judge.Violations;
import java.io.IOException;
import java.util.Map;
import java.util.function.Predicate;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an experimenter asks of the stand-in.
 *
 * <pre>
 * GET    /sim/ledger?platform=&account=   {items:[{platform,account,id,text,idempotencyKey,at}]}
 * DELETE /sim/ledger                      forgets what arrived and what went over; posts stay
 * GET    /sim/violations                  {items:[{platform,account,limit,windowSeconds,count,at,action}]}
 * GET    /sim/faults                      those that wait, and how often each has struck
 * POST   /sim/faults                      [{platform,op,kind,match,count,probability,delayMs}]
 * DELETE /sim/faults                      clears them
 * GET    /sim/limits                      {platform:[{action,limit,windowSeconds,shared}]}
 * PUT    /sim/limits                      {platform:{limit,windowSeconds,action,shared}}; lists are taken too
 * </pre>
 *
 * What is wrong is answered 400 with {@code {"error"}} and changes nothing.
 */
public final class Control implements HttpHandler {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String MOUNT = "/sim";

  private final Ledger ledger;
  private final Violations violations;
  private final Limits limits;
  private final Faults faults;
  private final FaultReader faultReader;

  public Control(
      Ledger ledger, Violations violations, Limits limits, Faults faults, FaultReader faultReader) {
    this.ledger = ledger;
    this.violations = violations;
    this.limits = limits;
    this.faults = faults;
    this.faultReader = faultReader;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    Reply reply;
    try {
      reply = answer(new Request(exchange, MOUNT));
    } catch (RequestRefused e) {
      reply = error(e.status(), e.reason());
    }
    Wire.send(exchange, reply);
  }

  private Reply answer(Request request) {
    return switch (request.method() + " " + request.path()) {
      case "GET /ledger" -> ledger(request);
      case "DELETE /ledger" -> {
        ledger.clear();
        violations.clear();
        yield Reply.empty(204);
      }
      case "GET /violations" -> violations();
      case "GET /faults" -> faults();
      case "POST /faults" -> {
        faults.add(faultReader.read(request.json()));
        yield faults();
      }
      case "DELETE /faults" -> {
        faults.clear();
        yield Reply.empty(204);
      }
      case "GET /limits" -> limits();
      case "PUT /limits" -> {
        limits.replace(LimitReader.read(request.json(), limits.actions()));
        yield limits();
      }
      default ->
          error(
              404,
              request.method()
                  + " "
                  + MOUNT
                  + request.path()
                  + " is unknown; there are ledger, violations, faults and limits");
    };
  }

  /** Written entry by entry: a long experiment's ledger is large. */
  private Reply ledger(Request request) {
    Predicate<Ledger.Entry> wanted =
        entry ->
            request.query("platform").map(entry.platform()::equals).orElse(true)
                && request.query("account").map(entry.account()::equals).orElse(true);
    return new Reply.Stream(
        200,
        Map.of("Content-Type", "application/json; charset=utf-8"),
        out -> {
          try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject().writeName("items").writeStartArray();
            for (Ledger.Entry entry : ledger.entries()) {
              if (wanted.test(entry)) {
                write(json, entry);
              }
            }
            json.writeEndArray().writeEndObject();
          }
        });
  }

  private static void write(JsonGenerator json, Ledger.Entry entry) {
    json.writeStartObject();
    json.writeStringProperty("platform", entry.platform());
    json.writeStringProperty("account", entry.account());
    json.writeStringProperty("id", entry.id());
    json.writeStringProperty("text", entry.text());
    json.writeStringProperty("idempotencyKey", entry.idempotencyKey());
    json.writeStringProperty("at", entry.at().toString());
    json.writeEndObject();
  }

  private Reply violations() {
    ObjectNode json = JSON.createObjectNode();
    ArrayNode items = json.putArray("items");
    for (Violations.Entry entry : violations.entries()) {
      items
          .addObject()
          .put("platform", entry.platform())
          .put("account", entry.account())
          .put("limit", entry.rule().limit())
          .put("windowSeconds", entry.rule().window().toSeconds())
          .put("count", entry.count())
          .put("at", entry.at().toString())
          .put("action", entry.action());
    }
    return Reply.json(200, json);
  }

  private Reply faults() {
    ObjectNode json = JSON.createObjectNode();
    ArrayNode items = json.putArray("items");
    for (Faults.Waiting waiting : faults.all()) {
      Fault fault = waiting.fault();
      items
          .addObject()
          .put("platform", fault.platform())
          .put("op", fault.op())
          .put("kind", fault.kind().wire())
          .put("match", fault.match())
          .put("count", fault.count())
          .put("probability", fault.probability())
          .put("delayMs", fault.delay().toMillis())
          .put("struck", waiting.struck().get());
    }
    return Reply.json(200, json);
  }

  private Reply limits() {
    ObjectNode json = JSON.createObjectNode();
    limits
        .rules()
        .forEach(
            (action, rules) -> {
              ArrayNode platform = json.withArray(action.platform());
              for (LimitRule rule : rules) {
                platform
                    .addObject()
                    .put("action", action.name())
                    .put("limit", rule.limit())
                    .put("windowSeconds", rule.window().toSeconds())
                    .put("shared", rule.shared());
              }
            });
    return Reply.json(200, json);
  }

  private static Reply error(int status, String message) {
    return Reply.json(status, JSON.createObjectNode().put("error", message));
  }
}
