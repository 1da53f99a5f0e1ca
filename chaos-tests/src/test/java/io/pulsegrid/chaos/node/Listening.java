package io.pulsegrid.chaos.node;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;

/** Where a process listens for TCP, as Linux tells it in {@code /proc}. */
final class Listening {
  private static final Path PROC = Path.of("/proc");
  private static final String LISTEN = "0A";
  private static final int LOCAL = 1;
  private static final int STATE = 3;
  private static final int INODE = 9;

  private Listening() {}

  /** Addresses such as {@code 127.0.0.1:8080}; of IPv6, those alone that stand for IPv4 so. */
  static Set<String> of(long pid) throws IOException {
    Set<String> own = sockets(pid);
    Set<String> found = new TreeSet<>();
    for (String table : new String[] {"tcp", "tcp6"}) {
      for (String line : Files.readAllLines(PROC.resolve(pid + "/net/" + table))) {
        String[] fields = line.strip().split("\\s+", -1);
        if (fields[STATE].equals(LISTEN) && own.contains("socket:[" + fields[INODE] + "]")) {
          found.add(address(fields[LOCAL]));
        }
      }
    }
    return found;
  }

  private static Set<String> sockets(long pid) throws IOException {
    Set<String> sockets = new HashSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(PROC.resolve(pid + "/fd"))) {
      for (Path file : files) {
        try {
          sockets.add(Files.readSymbolicLink(file).toString());
        } catch (NoSuchFileException closed) {
          // It was open when the directory was read.
        }
      }
    }
    return sockets;
  }

  /** From {@code 0100007F:1F90}, whose address is in the order of the machine's bytes. */
  private static String address(String written) {
    String[] parts = written.split(":", -1);
    int port = HexFormat.fromHexDigits(parts[1]);
    boolean isIpv4 = parts[0].length() == 8 || parts[0].startsWith("0000000000000000FFFF0000");
    if (!isIpv4) {
      return "[" + parts[0] + "]:" + port;
    }
    int address = HexFormat.fromHexDigits(parts[0].substring(parts[0].length() - 8));
    return "%d.%d.%d.%d:%d"
        .formatted(
            address & 0xff, (address >> 8) & 0xff, (address >> 16) & 0xff, address >>> 24, port);
  }
}
