package io.pulsegrid.node.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A way to a server that can be cut as a firewall does: what is under way is lost, and neither end
 * hears of it. What was open at the cut stays lost after it heals.
 */
final class CutWay implements AutoCloseable {
  private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final String host;
  private final int port;
  private final AtomicInteger cuts = new AtomicInteger();
  private volatile boolean cut;

  CutWay(String host, int port) throws IOException {
    this.host = host;
    this.port = port;
    Thread.ofVirtual().start(this::take);
  }

  int port() {
    return door.getLocalPort();
  }

  void cut() {
    cuts.incrementAndGet();
    cut = true;
  }

  void heal() {
    cut = false;
  }

  private void take() {
    try {
      while (true) {
        Socket near = door.accept();
        open.add(near);
        if (!cut) {
          Socket far = new Socket(host, port);
          open.add(far);
          int born = cuts.get();
          Thread.ofVirtual().start(() -> pass(near, far, born));
          Thread.ofVirtual().start(() -> pass(far, near, born));
        }
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void pass(Socket from, Socket to, int born) {
    byte[] bytes = new byte[8192];
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
        if (cuts.get() == born) {
          out.write(bytes, 0, read);
        } else {
          Thread.currentThread().join();
        }
      }
    } catch (IOException | InterruptedException gone) {
      // One end hung up.
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
