package io.pulsegrid.node.grid.crossing;

import io.pulsegrid.node.PulsegridNode;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.cache.processor.EntryProcessor;
import org.apache.ignite.binary.Binarylizable;
import org.apache.ignite.lang.IgniteCallable;
import org.apache.ignite.lang.IgniteRunnable;

/**
 * The classes of ours that are sent to other nodes: jobs, changes of entries and values, with all
 * that they carry and all that they answer.
 */
final class Travellers {
  private static final List<Class<?>> KINDS =
      List.of(
          Binarylizable.class, IgniteCallable.class, IgniteRunnable.class, EntryProcessor.class);
  private static final Comparator<Class<?>> BY_NAME = Comparator.comparing(Class::getName);

  private final Set<Class<?>> found = new TreeSet<>(BY_NAME);
  private final Queue<Type> open = new ArrayDeque<>();

  private Travellers() {}

  /** All of them that can be made, by name. */
  static List<Class<?>> find() {
    Travellers travellers = new Travellers();
    for (Class<?> one : ours()) {
      if (KINDS.stream().anyMatch(kind -> kind.isAssignableFrom(one))) {
        travellers.open.add(one);
      }
    }
    while (!travellers.open.isEmpty()) {
      travellers.follow(travellers.open.remove());
    }
    return travellers.found.stream().filter(one -> !isAbstract(one)).toList();
  }

  /** The fields that cross: those of the class and of what it extends. */
  static List<Field> fields(Class<?> type) {
    Class<?> parent = type.getSuperclass();
    return Stream.concat(
            parent == null ? Stream.of() : fields(parent).stream(),
            Arrays.stream(type.getDeclaredFields())
                .filter(
                    field ->
                        !Modifier.isStatic(field.getModifiers())
                            && !Modifier.isTransient(field.getModifiers())))
        .toList();
  }

  /** The classes of ours that can stand where {@code type} is asked for. */
  static List<Class<?>> concrete(Class<?> type) {
    return ours().stream().filter(one -> type.isAssignableFrom(one) && !isAbstract(one)).toList();
  }

  private void follow(Type type) {
    switch (type) {
      case ParameterizedType of -> {
        open.add(of.getRawType());
        open.addAll(Arrays.asList(of.getActualTypeArguments()));
      }
      case GenericArrayType of -> open.add(of.getGenericComponentType());
      case Class<?> array when array.isArray() -> open.add(array.getComponentType());
      case Class<?> one when isOurs(one) && found.add(one) -> {
        fields(one).forEach(field -> open.add(field.getGenericType()));
        Type parent = one.getGenericSuperclass();
        if (parent != null) {
          // What a job answers stands there.
          open.add(parent);
        }
        open.addAll(Arrays.asList(one.getGenericInterfaces()));
        if (isAbstract(one)) {
          open.addAll(concrete(one));
        }
      }
      default -> {}
    }
  }

  private static boolean isOurs(Class<?> type) {
    return type.getName().startsWith("io.pulsegrid.");
  }

  private static boolean isAbstract(Class<?> type) {
    return Modifier.isAbstract(type.getModifiers());
  }

  /** Every class that this module compiles. */
  private static List<Class<?>> ours() {
    try {
      Path classes =
          Path.of(PulsegridNode.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      try (Stream<Path> files = Files.walk(classes)) {
        return files
            .map(file -> classes.relativize(file).toString())
            .filter(file -> file.endsWith(".class") && !file.endsWith("-info.class"))
            .<Class<?>>map(file -> named(file.substring(0, file.length() - 6).replace('/', '.')))
            .toList();
      }
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Class<?> named(String name) {
    try {
      return Class.forName(name, false, Travellers.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}
