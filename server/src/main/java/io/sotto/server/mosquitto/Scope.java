package io.sotto.server.mosquitto;

import io.sotto.server.config.Nearest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a directive is about.
enum Scope {
    /// The whole broker.
    GLOBAL(
            "per_listener_settings allow_duplicate_messages autosave_interval autosave_on_changes"
                    + " check_retain_source clientid_prefixes connection_messages"
                    + " global_max_clients global_max_connections log_dest log_facility log_timestamp"
                    + " log_timestamp_format log_type max_inflight_bytes max_inflight_messages"
                    + " max_keepalive max_packet_size max_queued_bytes max_queued_messages"
                    + " memory_limit message_size_limit packet_buffer_size persistence"
                    + " persistence_file persistence_location persistent_client_expiration pid_file"
                    + " queue_qos0_messages retain_available retained_persistence set_tcp_nodelay"
                    + " store_clean_interval sys_interval upgrade_outgoing_qos user"
                    + " websockets_log_level websockets_headers_size retain_expiry_interval"
                    + " enable_control_api"),
    /// A listener.
    LISTENER(
            "listener port bind_address accept_protocol_versions bind_interface cafile capath"
                    + " certfile ciphers ciphers_tls1.3 crlfile dhparamfile"
                    + " disable_client_cert_date_checks enable_proxy_protocol http_dir keyfile"
                    + " listener_allow_anonymous listener_auto_id_prefix max_connections max_qos"
                    + " maximum_qos max_topic_alias max_topic_alias_broker mount_point protocol"
                    + " proxy_protocol_v2_require_tls psk_hint require_certificate socket_domain"
                    + " tls_engine tls_engine_kpass_sha1 tls_keyform tls_version"
                    + " use_identity_as_username use_subject_as_username use_username_as_clientid"
                    + " websockets_origin"),
    /// Who may do what: the whole broker, or a listener with `per_listener_settings`.
    SECURITY(
            "acl_file allow_anonymous allow_zero_length_clientid auto_id_prefix password_file"
                    + " psk_file plugin auth_plugin global_plugin plugin_load plugin_use"
                    + " auth_plugin_deny_special_chars"),
    /// A bridge.
    BRIDGE(
            "connection address addresses cleansession clientid idle_timeout keepalive_interval"
                    + " notification_topic notifications notifications_local_only password"
                    + " restart_timeout round_robin start_type threshold topic try_private username"
                    + " local_cleansession local_clientid local_password local_username"
                    + " remote_clientid remote_password remote_username");

    private static final Map<String, Scope> NAMES = names();

    private final String directives;

    Scope(String directives) {
        this.directives = directives;
    }

    private static Map<String, Scope> names() {
        Map<String, Scope> names = new HashMap<>();
        for (Scope scope : values()) {
            List.of(scope.directives.split(" ")).forEach(name -> names.put(name, scope));
        }
        return Map.copyOf(names);
    }

    /// The directive that is most like a word that is none.
    static String nearest(String word) {
        return Nearest.to(word, NAMES.keySet().stream().sorted().toList());
    }

    /// That of a directive; null when Mosquitto has none of that name.
    static @Nullable Scope of(String name) {
        if (name.startsWith("bridge_")) {
            return BRIDGE;
        }
        if (name.startsWith("plugin_opt_") || name.startsWith("auth_opt_")) {
            return SECURITY;
        }
        return NAMES.get(name);
    }
}
