package io.pulsegrid.sim.fault;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.pulsegrid.sim.http.Reply;
import io.pulsegrid.sim.http.Request;
import io.pulsegrid.sim.http.RequestRefused;
import io.pulsegrid.sim.http.Wire;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** The door of one platform: a waiting fault first, then the platform itself. */
public final class Door implements HttpHandler {
  /** A wait that the caller's thread takes. */
  @FunctionalInterface
  public interface Pause {
    void take(Duration length) throws InterruptedException;
  }

  private static final Duration DEFAULT_RESET = Duration.ofSeconds(1);

  private final Platform platform;
  private final Faults faults;
  private final Pause pause;
  private final InstantSource clock;

  public Door(Platform platform, Faults faults, Pause pause, InstantSource clock) {
    this.platform = platform;
    this.faults = faults;
    this.pause = pause;
    this.clock = clock;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    Reply reply;
    try {
      Request request = new Request(exchange, "/" + platform.name());
      Optional<Fault> fault = faults.strike(platform, request);
      reply = fault.isPresent() ? struck(fault.get(), request) : platform.answer(request);
    } catch (RequestRefused e) {
      reply = platform.failure(e.status(), e.reason());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      reply = new Reply.HangUp();
    }
    Wire.send(exchange, reply);
  }

  private Reply struck(Fault fault, Request request) throws InterruptedException {
    return switch (fault.kind()) {
      case REFUSE -> {
        pause.take(fault.delay());
        yield new Reply.HangUp();
      }
      case DELAY -> {
        // Read first: what a client sent before it left still arrives.
        request.body();
        pause.take(fault.delay());
        yield platform.answer(request);
      }
      case FAIL -> {
        pause.take(fault.delay());
        yield platform.failure(500, "We're sorry, but something went wrong on our end.");
      }
      case FORGET_KEY -> {
        request.ignore("Idempotency-Key");
        yield platform.answer(request);
      }
      case THROTTLE -> throttled(fault);
      case THROTTLE_BARE -> throttled(fault).bare();
      case EXPIRE -> platform.failure(401, "The token has expired");
      case END_TOKEN -> {
        platform.expire(request);
        yield platform.failure(401, "The token has expired");
      }
      case CREATE_THEN_DELAY, CREATE_THEN_CLOSE, CREATE_THEN_500, CREATE_THEN_400 ->
          handledThen(fault, request);
    };
  }

  private Reply.Whole throttled(Fault fault) {
    return platform.throttled(
        clock.instant().plus(fault.delay().isZero() ? DEFAULT_RESET : fault.delay()));
  }

  /**
   * A call that the platform itself refuses keeps its own answer: there is nothing to lie about.
   */
  private Reply handledThen(Fault fault, Request request) throws InterruptedException {
    Reply truth = platform.answer(request);
    if (truth instanceof Reply.Whole whole && whole.status() >= 300) {
      return truth;
    }
    pause.take(fault.delay());
    return switch (fault.kind()) {
      case CREATE_THEN_CLOSE -> new Reply.HangUp();
      case CREATE_THEN_500 ->
          platform.failure(500, "We're sorry, but something went wrong on our end.");
      case CREATE_THEN_400 -> platform.failure(400, "The request could not be processed");
      case CREATE_THEN_DELAY,
          REFUSE,
          DELAY,
          FORGET_KEY,
          THROTTLE,
          THROTTLE_BARE,
          EXPIRE,
          END_TOKEN,
          FAIL ->
          truth;
    };
  }
}
