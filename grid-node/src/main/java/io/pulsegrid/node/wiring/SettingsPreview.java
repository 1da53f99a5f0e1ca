package io.pulsegrid.node.wiring;

import io.pulsegrid.api.ApiSettings;
import io.pulsegrid.node.config.ClientSettings;
import io.pulsegrid.node.config.DirectorySettings;
import io.pulsegrid.node.config.GridSettings;
import io.pulsegrid.node.config.LiveConfig;
import io.pulsegrid.node.config.OpenPorts;
import io.pulsegrid.node.config.SettingKeys;
import io.pulsegrid.node.config.SettingRefused;
import io.pulsegrid.node.config.TlsSettings;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.support.SystemEnvironmentPropertySourceEnvironmentPostProcessor;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;

/**
 * A node's settings looked at before anything is started for it: from where the node reads them, by
 * its own records, told in its own words. It touches nothing.
 */
public final class SettingsPreview {
  private SettingsPreview() {}

  /**
   * Looks at what a node would be given.
   *
   * @param arguments of the node that do not stand in the environment or a file
   * @throws SettingRefused for the first bad value, unknown key or live file that breaks a rule
   */
  public static void check(List<String> arguments) {
    try {
      var environment = environment(arguments);
      SettingsCheck.check(environment, records());
      var directories = bound(environment, DirectorySettings.class);
      LiveConfig.check(directories.config());
      OpenPorts.check(
          bound(environment, GridSettings.class),
          bound(environment, ClientSettings.class),
          bound(environment, TlsSettings.class));
    } catch (RuntimeException failure) {
      throw StartRefusal.line(failure).<RuntimeException>map(SettingRefused::new).orElse(failure);
    }
  }

  private static <T> T bound(StandardEnvironment environment, Class<T> type) {
    return Binder.get(environment)
        .bindOrCreate(SettingKeys.prefix(type).orElseThrow(), Bindable.of(type));
  }

  private static StandardEnvironment environment(List<String> arguments) {
    var environment = new StandardEnvironment();
    var sources = environment.getPropertySources();
    // The -D options of the process that looks are not the node's.
    sources.remove(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME);
    sources.addFirst(new SimpleCommandLinePropertySource(arguments.toArray(String[]::new)));
    ConfigurationPropertySources.attach(environment);
    new SystemEnvironmentPropertySourceEnvironmentPostProcessor()
        .postProcessEnvironment(environment, new SpringApplication());
    ConfigDataEnvironmentPostProcessor.applyTo(environment);
    return environment;
  }

  private static List<Class<?>> records() {
    var scanner = new ClassPathScanningCandidateComponentProvider(false);
    scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
    var records = new ArrayList<Class<?>>(List.of(ApiSettings.class));
    for (var found : scanner.findCandidateComponents(DirectorySettings.class.getPackageName())) {
      records.add(
          ClassUtils.resolveClassName(
              String.valueOf(found.getBeanClassName()), SettingsPreview.class.getClassLoader()));
    }
    return records;
  }
}
