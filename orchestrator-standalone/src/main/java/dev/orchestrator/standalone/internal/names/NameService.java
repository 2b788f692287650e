package dev.orchestrator.standalone.internal.names;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Hashtable;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;

/** Questions to this host's name service. */
public final class NameService {
    private static final int MAX_ALIASES = 8;

    private NameService() {}

    /**
     * The first address of a name.
     *
     * @param hostname the name
     * @return the address
     * @throws UnknownHostException when it has none
     */
    public static String address(String hostname) throws UnknownHostException {
        return InetAddress.getByName(hostname).getHostAddress();
    }

    /**
     * The canonical name: where the chain of CNAME records ends. Unlike Java's own canonical name this is not the name of
     * the address, which on many networks is another one.
     *
     * @param hostname the name
     * @return the canonical name; the given one when it is no alias
     * @throws IOException when the name service does not answer
     */
    public static String canonicalName(String hostname) throws IOException {
        // JNDI would follow a name like ldap://host elsewhere: only what can be a host name is asked for.
        if (!hostname.matches("[A-Za-z0-9._-]+") || hostname.matches("[0-9.]+")) {
            return hostname;
        }
        Hashtable<String, String> environment = new Hashtable<>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
        environment.put("com.sun.jndi.dns.timeout.initial", "1000");
        environment.put("com.sun.jndi.dns.timeout.retries", "2");
        try {
            InitialDirContext dns = new InitialDirContext(environment);
            try {
                return follow(dns, hostname);
            } finally {
                dns.close();
            }
        } catch (NamingException e) {
            throw new IOException("no answer about " + hostname + ": " + e.getMessage(), e);
        }
    }

    // Only CNAME records are read, which are texts: nothing is deserialised.
    @SuppressWarnings("BanJNDI")
    private static String follow(InitialDirContext dns, String hostname) throws NamingException {
        String name = hostname;
        for (int i = 0; i < MAX_ALIASES; i++) {
            Attribute alias;
            try {
                alias = dns.getAttributes(name, new String[] {"CNAME"}).get("CNAME");
            } catch (NameNotFoundException e) {
                // Known to this host's own table only, or not at all: the name is as good as it gets.
                return name;
            }
            if (alias == null) {
                return name;
            }
            String target = alias.get().toString();
            name = target.endsWith(".") ? target.substring(0, target.length() - 1) : target;
        }
        return name;
    }
}
