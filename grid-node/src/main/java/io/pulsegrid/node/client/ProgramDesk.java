package io.pulsegrid.node.client;

import io.pulsegrid.api.call.CallAnswer;
import io.pulsegrid.api.call.CallRequest;
import io.pulsegrid.api.call.Calls;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.node.grid.security.ProgramOrigin;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import org.apache.ignite.Ignite;
import org.apache.ignite.services.ServiceDeploymentException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** Where the calls of programs are answered on this node, from when it is ready for them. */
public final class ProgramDesk {
  private static final Logger log = LoggerFactory.getLogger(ProgramDesk.class);
  private static final String KEY = "pulsegrid.programs";
  private static final JsonMapper PLAIN = JsonMapper.builder().build();

  private final Ignite ignite;
  private final Calls calls;
  private final ExecutorService threads;

  /**
   * A desk that is not open yet.
   *
   * @param threads one for each call. It is not the caller's own: that one acts in the name of the
   *     program's key, which may touch nothing in the grid, and what a call does the node does
   */
  public ProgramDesk(Ignite ignite, Calls calls, ExecutorService threads) {
    this.ignite = ignite;
    this.calls = calls;
    this.threads = threads;
  }

  /**
   * Takes calls from now on, and sees to it that every node has the service. Doing it again is
   * harmless.
   *
   * @return false if the grid did not take the service just now, as while its baseline changes: to
   *     be tried again, or this node's programs find nothing to call
   */
  public boolean open() {
    ignite.cluster().<String, ProgramDesk>nodeLocalMap().put(KEY, this);
    try {
      ignite.services().deployNodeSingleton(ProgramDoor.NAME, new ProgramDoor());
      return true;
    } catch (ServiceDeploymentException e) {
      log.info("the service for programs is offered to the grid again: {}", reason(e));
      return false;
    }
  }

  /** Ignite tells why beside the exception, not in it. */
  private static String reason(ServiceDeploymentException failure) {
    return failure.getSuppressed().length == 0
        ? String.valueOf(failure.getMessage())
        : String.valueOf(failure.getSuppressed()[0].getMessage());
  }

  /** Takes no more calls: whoever asks is told to come back, and finds another node. */
  public void close() {
    ignite.cluster().<String, ProgramDesk>nodeLocalMap().remove(KEY, this);
  }

  /** Answers a message at the node of this grid instance, on the thread of its caller. */
  static byte[] answer(Ignite ignite, byte[] message) {
    @Nullable ProgramDesk desk = ignite.cluster().<String, ProgramDesk>nodeLocalMap().get(KEY);
    return desk == null ? notNow() : desk.answer(ProgramOrigin.current(ignite), message);
  }

  private byte[] answer(String from, byte[] message) {
    Callable<CallAnswer> work = () -> answered(from, message);
    try {
      return Message.write(PLAIN, threads.submit(work).get());
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return notNow();
    }
  }

  private CallAnswer answered(String from, byte[] message) {
    CallRequest request;
    try {
      request = Message.read(PLAIN, from, message);
    } catch (PulsegridException unreadable) {
      return calls.refused(unreadable);
    }
    return calls.answer(request);
  }

  /** As a node that is starting or stopping answers over HTTP. */
  private static byte[] notNow() {
    var problem = PLAIN.createObjectNode();
    problem.put("type", "urn:pulsegrid:problem:unavailable").put("title", "Unavailable");
    problem.put("status", 503).put("detail", "this node is starting or stopping");
    problem.put("code", "unavailable").putArray("errors");
    return Message.write(
        PLAIN,
        new CallAnswer(503, Duration.ofSeconds(1).toSeconds(), PLAIN.writeValueAsBytes(problem)));
  }
}
