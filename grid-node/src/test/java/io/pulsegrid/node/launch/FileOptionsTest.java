package io.pulsegrid.node.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pulsegrid.core.post.PostImport;
import io.pulsegrid.node.config.SettingRefused;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class FileOptionsTest {
  @Test
  void mapsColumns() {
    assertThat(mapped("id=nativeId,a=b=likes").columns())
        .containsEntry("id", "nativeId")
        .containsEntry("a=b", "likes")
        .hasSize(2);
  }

  @Test
  void refusesWhatIsNoMap() {
    assertThatThrownBy(() -> mapped("id"))
        .isInstanceOf(SettingRefused.class)
        .hasMessage("--map must be pairs such as id=nativeId,points=likes, was id");
    assertThatThrownBy(() -> mapped("points=likes,id=nativeId,points=shares"))
        .isInstanceOf(SettingRefused.class)
        .hasMessage("--map names the column points twice");
  }

  private static PostImport.Options mapped(String map) {
    return CommandLine.populateCommand(new FileOptions(), "--map", map)
        .options(PostImport.Format.CSV);
  }
}
