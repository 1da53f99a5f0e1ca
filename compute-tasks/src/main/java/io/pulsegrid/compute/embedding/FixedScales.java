package io.pulsegrid.compute.embedding;

import io.pulsegrid.compute.embedding.WireMessage.Field;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The edit that makes a text's vector its own. A dynamically quantised ONNX model scales each
 * tensor by the largest number in the batch, so a text comes out a little different in every
 * company. Here every such tensor gets one scale for ever, measured beforehand, and each product of
 * integers is fused with what follows it, as ONNX Runtime does for the dynamic model.
 */
final class FixedScales {
  // Field numbers of ONNX's ModelProto, GraphProto, NodeProto, TensorProto, OperatorSetIdProto.
  private static final int GRAPH = 7;
  private static final int OPERATOR_SET = 8;
  private static final int NODE = 1;
  private static final int INITIALIZER = 5;
  private static final int INPUT = 1;
  private static final int OUTPUT = 2;
  private static final int OPERATOR = 4;
  private static final int DOMAIN = 7;
  private static final int TENSOR_TYPE = 2;
  private static final int TENSOR_NAME = 8;
  private static final int TENSOR_BYTES = 9;
  private static final int FLOAT = 1;
  private static final int UINT8 = 2;

  private static final String RUNTIME_DOMAIN = "com.microsoft";

  private final Map<String, Scale> scales;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, List<Node>> readers = new HashMap<>();
  private final WireMessage edited = new WireMessage();

  /** How the numbers of a tensor become bytes. */
  record Scale(float scale, int zeroPoint) {}

  /** A node of the graph, with the field that it was read from. */
  private record Node(Field field, String operator, List<String> inputs, List<String> outputs) {}

  private FixedScales(Map<String, Scale> scales) {
    this.scales = scales;
  }

  /** A model with the scales of a resource, one line a tensor: its name, scale and zero point. */
  static byte[] apply(byte[] model, InputStream scales) throws IOException {
    return new FixedScales(read(scales)).edit(model);
  }

  private static Map<String, Scale> read(InputStream in) throws IOException {
    Map<String, Scale> scales = new HashMap<>();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          String[] parts = line.split(" ", -1);
          scales.put(parts[0], new Scale(Float.parseFloat(parts[1]), Integer.parseInt(parts[2])));
        }
      }
    }
    return scales;
  }

  private byte[] edit(byte[] model) {
    WireMessage whole = WireMessage.parse(model);
    WireMessage graph =
        whole.fields().stream()
            .filter(f -> f.number() == GRAPH)
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("an ONNX model must have a graph"))
            .message();
    graph.fields().stream().filter(f -> f.number() == NODE).forEach(this::learn);
    Set<Field> absorbed = new HashSet<>();
    Map<Field, WireMessage> replaced = new HashMap<>();
    for (Node node : nodes) {
      switch (node.operator()) {
        case "DynamicQuantizeLinear" -> replaced.put(node.field(), quantised(node));
        case "MatMulInteger" -> replaced.put(node.field(), fused(node, absorbed));
        default -> {} // stays
      }
    }
    for (Field field : graph.fields()) {
      WireMessage instead = replaced.get(field);
      if (instead != null) {
        edited.add(NODE, instead);
      } else if (!absorbed.contains(field)) {
        edited.add(field);
      }
    }
    WireMessage result = whole.without(GRAPH);
    result.add(GRAPH, edited);
    WireMessage operators = new WireMessage();
    operators.add(1, RUNTIME_DOMAIN);
    operators.add(2, 1);
    result.add(OPERATOR_SET, operators);
    return result.bytes();
  }

  private void learn(Field field) {
    WireMessage message = field.message();
    Node node =
        new Node(field, message.text(OPERATOR), message.texts(INPUT), message.texts(OUTPUT));
    nodes.add(node);
    node.inputs()
        .forEach(input -> readers.computeIfAbsent(input, _ -> new ArrayList<>()).add(node));
  }

  /** The same tensor by a constant scale, which takes the name of the one that was computed. */
  private WireMessage quantised(Node node) {
    String tensor = node.inputs().getFirst();
    Scale scale = scales.get(tensor);
    if (scale == null) {
      throw new IllegalArgumentException("there is no scale for " + tensor);
    }
    String scaleName = node.outputs().get(1);
    String zeroName = node.outputs().get(2);
    ByteBuffer number = ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    constant(scaleName, FLOAT, number.putFloat(scale.scale()).array());
    constant(zeroName, UINT8, new byte[] {(byte) scale.zeroPoint()});
    WireMessage quantise = new WireMessage();
    List.of(tensor, scaleName, zeroName).forEach(name -> quantise.add(INPUT, name));
    quantise.add(OUTPUT, node.outputs().getFirst());
    quantise.add(OPERATOR, "QuantizeLinear");
    return quantise;
  }

  private void constant(String name, int type, byte[] bytes) {
    WireMessage tensor = new WireMessage();
    tensor.add(TENSOR_TYPE, type);
    tensor.add(TENSOR_NAME, name);
    tensor.add(TENSOR_BYTES, bytes);
    edited.add(INITIALIZER, tensor);
  }

  /** Product, conversion, scaling and bias, which follow each other, as one. */
  private WireMessage fused(Node product, Set<Field> absorbed) {
    Node cast = soleReader(product, "Cast");
    Node scaled = soleReader(cast, "Mul");
    Node biased = soleReader(scaled, "Add");
    String bias =
        biased.inputs().get(biased.inputs().getFirst().equals(scaled.outputs().getFirst()) ? 1 : 0);
    String zeroA = product.inputs().get(2);
    String zeroB = product.inputs().get(3);
    WireMessage fused = new WireMessage();
    List.of(
            product.inputs().get(0),
            product.inputs().get(1),
            zeroA.replace("_zero_point", "_scale"),
            zeroB.replace("_zero_point", "_scale"),
            zeroA,
            zeroB,
            bias)
        .forEach(name -> fused.add(INPUT, name));
    fused.add(OUTPUT, biased.outputs().getFirst());
    fused.add(OPERATOR, "MatMulIntegerToFloat");
    fused.add(DOMAIN, RUNTIME_DOMAIN);
    absorbed.addAll(List.of(cast.field(), scaled.field(), biased.field()));
    return fused;
  }

  private Node soleReader(Node of, String operator) {
    List<Node> all = readers.getOrDefault(of.outputs().getFirst(), List.of());
    if (all.size() != 1 || !all.getFirst().operator().equals(operator)) {
      throw new IllegalArgumentException(
          of.outputs().getFirst() + " must be read by one " + operator + " alone");
    }
    return all.getFirst();
  }
}
