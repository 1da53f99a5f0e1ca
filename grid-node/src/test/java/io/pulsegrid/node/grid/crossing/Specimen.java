package io.pulsegrid.node.grid.crossing;

import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes an instance of any class that crosses nodes, every field of it different from what it
 * begins with and from every other field: one that is forgotten on the way, or read into another,
 * shows.
 */
final class Specimen {
  private final boolean withoutNullable;
  private int number = 7;

  /**
   * @param withoutNullable leaves what may be null at null
   */
  Specimen(boolean withoutNullable) {
    this.withoutNullable = withoutNullable;
  }

  Object of(Class<?> type) throws ReflectiveOperationException {
    Object made = allocate(type);
    for (Field field : Travellers.fields(type)) {
      field.setAccessible(true);
      boolean absent = withoutNullable && isNullable(field.getAnnotatedType());
      field.set(made, absent ? null : value(field.getGenericType()));
    }
    return made;
  }

  private Object value(Type type) throws ReflectiveOperationException {
    number++;
    return switch (type) {
      case ParameterizedType of -> container((Class<?>) of.getRawType(), of);
      case Class<?> array when array.isArray() -> array(array.getComponentType());
      case Class<?> one when one.isEnum() ->
          one.getEnumConstants()[one.getEnumConstants().length - 1];
      case Class<?> one -> plain(one);
      default -> throw new IllegalArgumentException("a field of type " + type + " crosses nodes");
    };
  }

  private Object plain(Class<?> type) throws ReflectiveOperationException {
    if (type == int.class || type == Integer.class) {
      return number;
    }
    if (type == byte.class || type == Byte.class) {
      return (byte) number;
    }
    if (type == long.class || type == Long.class) {
      return (1L << 40) + number;
    }
    if (type == double.class || type == Double.class) {
      return number + 0.25;
    }
    if (type == float.class || type == Float.class) {
      return number + 0.5f;
    }
    if (type == boolean.class || type == Boolean.class) {
      return true;
    }
    if (type == String.class) {
      return "wörd \uD83D\uDE80 " + number;
    }
    if (type == Instant.class) {
      return Instant.ofEpochSecond(1_700_000_000L + number, 123_456_789);
    }
    if (type == Duration.class) {
      return Duration.ofNanos(number);
    }
    if (type == UUID.class) {
      return new UUID(number, ~number);
    }
    if (type == BitSet.class) {
      return BitSet.valueOf(new long[] {number});
    }
    List<Class<?>> candidates = Travellers.concrete(type);
    if (candidates.isEmpty()) {
      throw new IllegalArgumentException("a field of " + type + " crosses nodes");
    }
    return of(candidates.getFirst());
  }

  private Object array(Class<?> component) throws ReflectiveOperationException {
    Object made = Array.newInstance(component, 3);
    for (int i = 0; i < 3; i++) {
      Array.set(made, i, value(component));
    }
    return made;
  }

  private Object container(Class<?> raw, ParameterizedType of) throws ReflectiveOperationException {
    Type[] arguments = of.getActualTypeArguments();
    if (Map.class.isAssignableFrom(raw)) {
      Map<Object, Object> made =
          raw == TreeMap.class
              ? new TreeMap<>()
              : raw == LinkedHashMap.class ? new LinkedHashMap<>() : new HashMap<>();
      for (int i = 0; i < 3; i++) {
        made.put(value(arguments[0]), value(arguments[1]));
      }
      return made;
    }
    Collection<Object> made;
    if (Set.class.isAssignableFrom(raw)) {
      made =
          raw == TreeSet.class
              ? new TreeSet<>()
              : raw == LinkedHashSet.class ? new LinkedHashSet<>() : new HashSet<>();
    } else if (raw.isAssignableFrom(ArrayList.class)) {
      made = new ArrayList<>();
    } else {
      throw new IllegalArgumentException("a field of type " + of + " crosses nodes");
    }
    for (int i = 0; i < 3; i++) {
      made.add(value(arguments[0]));
    }
    return made;
  }

  private static boolean isNullable(AnnotatedType type) {
    return type.isAnnotationPresent(Nullable.class);
  }

  /** As Ignite itself makes what arrives: without any constructor of its own. */
  private static Object allocate(Class<?> type) throws ReflectiveOperationException {
    Class<?> factories = Class.forName("sun.reflect.ReflectionFactory");
    Object factory = factories.getMethod("getReflectionFactory").invoke(null);
    Constructor<?> nothing = Object.class.getDeclaredConstructor();
    return ((Constructor<?>)
            factories
                .getMethod("newConstructorForSerialization", Class.class, Constructor.class)
                .invoke(factory, type, nothing))
        .newInstance();
  }
}
