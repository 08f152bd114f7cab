package hydrocell.kernel.magic;

import hydrocell.cell.Manifest;
import hydrocell.cell.Spelling;
import hydrocell.cell.Symbol;
import hydrocell.kernel.Setting;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** {@code %config}: shows and sets what {@link Setting} lists. */
final class SettingMagic {
  static final Magic CONFIG =
      new Magic(
          "config",
          "%config [NAME[=VALUE]]",
          "the notebook's settings, with their meanings; sets one",
          SettingMagic::config);

  private SettingMagic() {}

  private static void config(Magic.Context context, String arguments)
      throws IOException, MagicException {
    Manifest manifest = context.session().manifest();
    String[] words = arguments.strip().split("\\s*=\\s*|\\s+", 2);
    if (words[0].isEmpty()) {
      show(context, Stream.of(Setting.values()).toList());
      return;
    }
    Setting setting = named(words[0]);
    if (words.length == 1) {
      show(context, List.of(setting));
      return;
    }
    String value = words[1].equals("default") ? setting.initial() : read(setting, words[1]);
    if (!value.equals(setting.in(manifest))) {
      context.session().set(Symbol.plain(setting.manifestName(), value));
      if (setting.needsFreshExecutor()) {
        context.pipeline().release();
      }
    }
    context.print("%s is %s: %s".formatted(setting.spelling(), value, setting.meaning()));
  }

  private static Setting named(String spelling) throws MagicException {
    Setting setting = Setting.spelled(spelling);
    if (setting != null) {
      return setting;
    }
    String nearest = Spelling.nearest(spelling, Setting.spellings());
    throw new MagicException(
        "there is no setting %s%s; %%config shows all"
            .formatted(spelling, nearest == null ? "" : " (did you mean " + nearest + "?)"));
  }

  private static String read(Setting setting, String typed) throws MagicException {
    try {
      return setting.read(typed);
    } catch (IllegalArgumentException e) {
      throw new MagicException(
          "%s is %s, not '%s'".formatted(setting.spelling(), e.getMessage(), typed));
    }
  }

  private static void show(Magic.Context context, List<Setting> settings) {
    Table table = new Table("setting", "value", "by default", "takes", "meaning");
    for (Setting setting : settings) {
      table.row(
          setting.spelling(),
          setting.in(context.session().manifest()),
          setting.initial(),
          setting.takes(),
          setting.meaning());
    }
    context.show().accept(table.shown());
  }
}
