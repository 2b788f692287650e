package dev.orchestrator.standalone.internal.config;

import dev.orchestrator.api.model.channel.Credentials;

/** An account as it is put together from several keys. The password never shows. */
final class Account {
    String user = "";
    private String password = "";

    void password(String value) {
        password = value;
    }

    Credentials credentials() {
        return new Credentials(user, password);
    }

    @Override
    public String toString() {
        return credentials().toString();
    }
}
