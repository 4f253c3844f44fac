package io.mixgateway.platform.privacy;

import static java.util.Objects.requireNonNull;

import io.mixgateway.relay.outlet.Outlet;

/** Where a field of data is, so that it can be found there. */
public sealed interface Place {

    /** As it is said to people, such as {@code person.email}. */
    String shown();

    /** A column of the database. Partitions count as their parent. */
    record Column(String table, String column) implements Place {
        public Column {
            requireNonNull(table, "table");
            requireNonNull(column, "column");
        }

        @Override
        public String shown() {
            return table + "." + column;
        }
    }

    /** A member of the JSON log line. */
    record LogField(String name) implements Place {
        public LogField {
            requireNonNull(name, "name");
        }

        @Override
        public String shown() {
            return "log: " + name;
        }
    }

    /** A cookie that we set. */
    record Cookie(String name) implements Place {
        public Cookie {
            requireNonNull(name, "name");
        }

        @Override
        public String shown() {
            return "cookie: " + name;
        }
    }

    /**
     * Something that leaves the process.
     *
     * @param what in a few words, such as {@code the request}
     */
    record Outbound(Outlet outlet, String what) implements Place {
        public Outbound {
            requireNonNull(outlet, "outlet");
            requireNonNull(what, "what");
        }

        @Override
        public String shown() {
            return outlet.id() + ": " + what;
        }
    }

    static Column column(String table, String column) {
        return new Column(table, column);
    }

    static LogField logField(String name) {
        return new LogField(name);
    }

    static Cookie cookie(String name) {
        return new Cookie(name);
    }

    static Outbound outbound(Outlet outlet, String what) {
        return new Outbound(outlet, what);
    }
}
