package io.mixgateway.app.config;

/** How the place of a setting is written: {@code providers.mock.models[0].id}; unusual names in quotation marks. */
public final class Paths {
    private static final int LONGEST_PLAIN = 100;

    private Paths() {}

    /** The setting called {@code key} in the mapping at {@code path}. */
    public static String child(String path, String key) {
        var name = isPlain(key) ? key : quoted(key);
        return path.isEmpty() ? name : path + "." + name;
    }

    private static boolean isPlain(String key) {
        for (int i = 0; i < key.length(); i++) {
            char letter = key.charAt(i);
            boolean plain = (letter >= 'a' && letter <= 'z')
                    || (letter >= 'A' && letter <= 'Z')
                    || (letter >= '0' && letter <= '9')
                    || letter == '_'
                    || letter == '-';
            if (!plain) {
                return false;
            }
        }
        return !key.isEmpty() && key.length() <= LONGEST_PLAIN;
    }

    /** The entry of the list at {@code path}, counted from 0. */
    public static String item(String path, int index) {
        return path + "[" + index + "]";
    }

    /** What holds the setting; empty at the top. A quoted name with a dot ends the walk early, which costs a line number only. */
    static String parent(String path) {
        return path.substring(0, Math.max(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf('['))));
    }

    /** A piece of the file as a message shows it: in quotation marks, short, without control characters. */
    public static String quoted(String text) {
        var shown = text.length() > 60 ? text.substring(0, 60) + "…" : text;
        return '"' + shown.replaceAll("\\p{Cntrl}", "?") + '"';
    }
}
