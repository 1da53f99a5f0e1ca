package io.pulsegrid.compute.embedding;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.inference.Predictor;
import ai.djl.repository.zoo.Criteria;
import ai.djl.translate.TranslateException;
import io.pulsegrid.core.failure.PulsegridException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A model in memory, its tokenizer, and the way in and out of it, tried once. */
final class LoadedModel implements AutoCloseable {
  private static final List<String> INPUTS =
      List.of("input_ids", "attention_mask", "token_type_ids");

  private final String id;
  private final Model model;
  private final TextTokenizer tokenizer;
  private final MeanPooling translator;
  private final int dimensions;

  private LoadedModel(String id, Model model, TextTokenizer tokenizer) {
    this.id = id;
    this.model = model;
    this.tokenizer = tokenizer;
    long[][] probe = {tokenizer.tokens("probe")};
    MeanPooling fitting = translatorFor(model, probe);
    this.translator = fitting;
    this.dimensions = predict(model, fitting, probe)[0].length;
  }

  static LoadedModel load(EmbeddingSettings settings) {
    Model model = null;
    TextTokenizer tokenizer = null;
    try {
      Device device = DjlRuntime.prepare(settings);
      String id;
      @Nullable Path tokenizerFile;
      if (settings.usesZoo()) {
        id = String.valueOf(settings.model());
        model = fromZoo(id, device, settings.engine());
        tokenizerFile = model.getModelPath().resolve("tokenizer.json");
      } else {
        ModelFiles files = files(settings);
        id = files.id();
        tokenizerFile = files.tokenizer();
        model = Model.newInstance(id, device, settings.engine().djlName());
        model.load(files.model(), null, options(settings));
      }
      tokenizer = tokenizer(tokenizerFile, settings.maxTokens());
      return new LoadedModel(id, model, tokenizer);
    } catch (IOException | MalformedModelException | EngineException e) {
      close(model, tokenizer);
      throw PulsegridException.invalid(
          "model",
          "the "
              + settings.engine()
              + " engine cannot load "
              + (settings.model() == null ? "the built-in model" : settings.model())
              + ": "
              + e.getMessage());
    } catch (RuntimeException e) {
      close(model, tokenizer);
      throw e;
    }
  }

  String id() {
    return id;
  }

  int dimensions() {
    return dimensions;
  }

  TextTokenizer tokenizer() {
    return tokenizer;
  }

  /** A predictor for one thread. */
  Predictor<long[][], float[][]> newPredictor() {
    return model.newPredictor(translator);
  }

  private static ModelFiles files(EmbeddingSettings settings) throws IOException {
    String model = settings.model();
    return model == null
        ? ModelFiles.builtIn(settings.cacheDir())
        : ModelFiles.at(Path.of(model), settings.engine().suffix());
  }

  private static Map<String, String> options(EmbeddingSettings settings) {
    return settings.engine() == EmbeddingSettings.Engine.ONNX
        ? Map.of("intraOpNumThreads", "1", "interOpNumThreads", "1")
        : Map.of("mapLocation", "true");
  }

  private static Model fromZoo(String address, Device device, EmbeddingSettings.Engine engine)
      throws IOException {
    Criteria<long[][], float[][]> criteria =
        Criteria.builder()
            .setTypes(long[][].class, float[][].class)
            .optModelUrls(address)
            .optDevice(device)
            .optEngine(engine.djlName())
            .optTranslator(new MeanPooling(INPUTS, engine == EmbeddingSettings.Engine.ONNX))
            .build();
    try {
      return DjlRuntime.online(criteria::loadModel);
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static TextTokenizer tokenizer(@Nullable Path file, int maxTokens) throws IOException {
    try (InputStream in =
        file == null ? ModelFiles.builtInTokenizer() : Files.newInputStream(file)) {
      return TextTokenizer.of(in, maxTokens);
    }
  }

  // An ONNX file names its inputs; a TorchScript tells how many it takes by failing on others.
  private static MeanPooling translatorFor(Model model, long[][] probe) {
    if (model.getNDManager().getEngine().getEngineName().equals("OnnxRuntime")) {
      return new MeanPooling(model.getBlock().describeInput().keys(), true);
    }
    MeanPooling all = new MeanPooling(INPUTS, false);
    try {
      predict(model, all, probe);
      return all;
    } catch (PulsegridException e) {
      return new MeanPooling(INPUTS.subList(0, 2), false);
    }
  }

  private static float[][] predict(Model model, MeanPooling translator, long[][] rows) {
    try (Predictor<long[][], float[][]> predictor = model.newPredictor(translator)) {
      return predictor.predict(rows);
    } catch (TranslateException e) {
      throw PulsegridException.invalid(
          "model",
          "the model does not embed texts as a sentence transformer does: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    close(model, tokenizer);
  }

  private static void close(@Nullable Model model, @Nullable TextTokenizer tokenizer) {
    if (tokenizer != null) {
      tokenizer.close();
    }
    if (model != null) {
      model.close();
    }
  }
}
