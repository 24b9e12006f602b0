//! What well-known extensions bring: types, operator classes, and the schema that some insist on.

/// An extension: its name, its types, its operator classes (`name:method`, a star behind the defaults), its schema when it is fixed.
struct Known {
    name: &'static str,
    types: &'static [&'static str],
    classes: &'static [&'static str],
    schema: Option<&'static str>,
}

const KNOWN: &[Known] = &[
    Known { name: "address_standardizer", types: &["stdaddr"], classes: &[], schema: None },
    Known { name: "adminpack", types: &[], classes: &[], schema: Some("pg_catalog") },
    Known { name: "age", types: &["agtype", "graphid"], classes: &[], schema: Some("ag_catalog") },
    Known { name: "amcheck", types: &[], classes: &[], schema: None },
    Known { name: "auto_explain", types: &[], classes: &[], schema: None },
    Known { name: "autoinc", types: &[], classes: &[], schema: None },
    Known { name: "bloom", types: &[], classes: &["int4_ops:bloom*", "text_ops:bloom*"], schema: None },
    Known { name: "bool_plperl", types: &[], classes: &[], schema: None },
    Known { name: "bool_plperlu", types: &[], classes: &[], schema: None },
    Known {
        name: "btree_gin",
        types: &[],
        classes: &[
            "bit_ops:gin*",
            "bool_ops:gin*",
            "bpchar_ops:gin*",
            "bytea_ops:gin*",
            "char_ops:gin*",
            "cidr_ops:gin*",
            "date_ops:gin*",
            "enum_ops:gin*",
            "float4_ops:gin*",
            "float8_ops:gin*",
            "inet_ops:gin*",
            "int2_ops:gin*",
            "int4_ops:gin*",
            "int8_ops:gin*",
            "interval_ops:gin*",
            "macaddr8_ops:gin*",
            "macaddr_ops:gin*",
            "money_ops:gin*",
            "name_ops:gin*",
            "numeric_ops:gin*",
            "oid_ops:gin*",
            "text_ops:gin*",
            "time_ops:gin*",
            "timestamp_ops:gin*",
            "timestamptz_ops:gin*",
            "timetz_ops:gin*",
            "uuid_ops:gin*",
            "varbit_ops:gin*",
            "varchar_ops:gin*",
        ],
        schema: None,
    },
    Known {
        name: "btree_gist",
        types: &["gbtreekey16", "gbtreekey2", "gbtreekey32", "gbtreekey4", "gbtreekey8", "gbtreekey_var"],
        classes: &[
            "gist_bit_ops:gist*",
            "gist_bool_ops:gist*",
            "gist_bpchar_ops:gist*",
            "gist_bytea_ops:gist*",
            "gist_cash_ops:gist*",
            "gist_cidr_ops:gist*",
            "gist_date_ops:gist*",
            "gist_enum_ops:gist*",
            "gist_float4_ops:gist*",
            "gist_float8_ops:gist*",
            "gist_inet_ops:gist*",
            "gist_int2_ops:gist*",
            "gist_int4_ops:gist*",
            "gist_int8_ops:gist*",
            "gist_interval_ops:gist*",
            "gist_macaddr8_ops:gist*",
            "gist_macaddr_ops:gist*",
            "gist_numeric_ops:gist*",
            "gist_oid_ops:gist*",
            "gist_text_ops:gist*",
            "gist_time_ops:gist*",
            "gist_timestamp_ops:gist*",
            "gist_timestamptz_ops:gist*",
            "gist_timetz_ops:gist*",
            "gist_uuid_ops:gist*",
            "gist_vbit_ops:gist*",
        ],
        schema: None,
    },
    Known {
        name: "citext",
        types: &["citext"],
        classes: &["citext_ops:btree*", "citext_ops:hash*", "citext_pattern_ops:btree"],
        schema: None,
    },
    Known { name: "citus", types: &[], classes: &[], schema: Some("pg_catalog") },
    Known { name: "cube", types: &["cube"], classes: &["cube_ops:btree*", "gist_cube_ops:gist*"], schema: None },
    Known { name: "dblink", types: &["dblink_pkey_results"], classes: &[], schema: None },
    Known { name: "dict_int", types: &[], classes: &[], schema: None },
    Known { name: "dict_xsyn", types: &[], classes: &[], schema: None },
    Known { name: "earthdistance", types: &["earth"], classes: &[], schema: None },
    Known { name: "file_fdw", types: &[], classes: &[], schema: None },
    Known { name: "fuzzystrmatch", types: &[], classes: &[], schema: None },
    Known { name: "hll", types: &["hll", "hll_hashval"], classes: &[], schema: None },
    Known {
        name: "hstore",
        types: &["ghstore", "hstore"],
        classes: &["btree_hstore_ops:btree*", "gin_hstore_ops:gin*", "gist_hstore_ops:gist*", "hash_hstore_ops:hash*"],
        schema: None,
    },
    Known { name: "hstore_plperl", types: &[], classes: &[], schema: None },
    Known { name: "hstore_plperlu", types: &[], classes: &[], schema: None },
    Known { name: "hstore_plpython3u", types: &[], classes: &[], schema: None },
    Known { name: "http", types: &["http_header", "http_request", "http_response"], classes: &[], schema: None },
    Known { name: "hypopg", types: &[], classes: &[], schema: None },
    Known { name: "index_advisor", types: &[], classes: &[], schema: None },
    Known { name: "insert_username", types: &[], classes: &[], schema: None },
    Known { name: "intagg", types: &[], classes: &[], schema: None },
    Known {
        name: "intarray",
        types: &["intbig_gkey", "query_int"],
        classes: &["gin__int_ops:gin", "gist__int_ops:gist*", "gist__intbig_ops:gist"],
        schema: None,
    },
    Known { name: "ip4r", types: &["ip4", "ip4r", "ip6", "ip6r", "ipaddress", "iprange"], classes: &[], schema: None },
    Known {
        name: "isn",
        types: &["ean13", "isbn", "isbn13", "ismn", "ismn13", "issn", "issn13", "upc"],
        classes: &[
            "ean13_ops:btree*",
            "ean13_ops:hash*",
            "isbn13_ops:btree*",
            "isbn13_ops:hash*",
            "isbn_ops:btree*",
            "isbn_ops:hash*",
            "ismn13_ops:btree*",
            "ismn13_ops:hash*",
            "ismn_ops:btree*",
            "ismn_ops:hash*",
            "issn13_ops:btree*",
            "issn13_ops:hash*",
            "issn_ops:btree*",
            "issn_ops:hash*",
            "upc_ops:btree*",
            "upc_ops:hash*",
        ],
        schema: None,
    },
    Known { name: "jsonb_plperl", types: &[], classes: &[], schema: None },
    Known { name: "jsonb_plperlu", types: &[], classes: &[], schema: None },
    Known { name: "jsonb_plpython3u", types: &[], classes: &[], schema: None },
    Known { name: "lo", types: &["lo"], classes: &[], schema: None },
    Known {
        name: "ltree",
        types: &["lquery", "ltree", "ltree_gist", "ltxtquery"],
        classes: &["gist__ltree_ops:gist*", "gist_ltree_ops:gist*", "hash_ltree_ops:hash*", "ltree_ops:btree*"],
        schema: None,
    },
    Known { name: "ltree_plpython3u", types: &[], classes: &[], schema: None },
    Known { name: "moddatetime", types: &[], classes: &[], schema: None },
    Known { name: "old_snapshot", types: &[], classes: &[], schema: None },
    Known { name: "orafce", types: &["nvarchar2", "varchar2"], classes: &[], schema: None },
    Known { name: "pageinspect", types: &[], classes: &[], schema: None },
    Known { name: "periods", types: &[], classes: &[], schema: None },
    Known { name: "pg_bigm", types: &[], classes: &["gin_bigm_ops:gin"], schema: None },
    Known { name: "pg_buffercache", types: &["pg_buffercache", "pg_buffercache_numa"], classes: &[], schema: None },
    Known { name: "pg_cron", types: &["job", "job_run_details"], classes: &[], schema: Some("pg_catalog") },
    Known { name: "pg_freespacemap", types: &[], classes: &[], schema: None },
    Known { name: "pg_graphql", types: &[], classes: &[], schema: Some("graphql") },
    Known { name: "pg_hashids", types: &[], classes: &[], schema: None },
    Known { name: "pg_hint_plan", types: &[], classes: &[], schema: None },
    Known { name: "pg_ivm", types: &[], classes: &[], schema: None },
    Known { name: "pg_jsonschema", types: &[], classes: &[], schema: None },
    Known { name: "pg_logicalinspect", types: &[], classes: &[], schema: None },
    Known { name: "pg_net", types: &[], classes: &[], schema: None },
    Known { name: "pg_partman", types: &["check_default_table"], classes: &[], schema: None },
    Known { name: "pg_prewarm", types: &[], classes: &[], schema: None },
    Known { name: "pg_repack", types: &[], classes: &[], schema: None },
    Known { name: "pg_search", types: &[], classes: &[], schema: None },
    Known { name: "pg_stat_kcache", types: &[], classes: &[], schema: None },
    Known { name: "pg_stat_monitor", types: &[], classes: &[], schema: None },
    Known {
        name: "pg_stat_statements",
        types: &["pg_stat_statements", "pg_stat_statements_info"],
        classes: &[],
        schema: None,
    },
    Known { name: "pg_surgery", types: &[], classes: &[], schema: None },
    Known { name: "pg_tle", types: &[], classes: &[], schema: Some("pgtle") },
    Known { name: "pg_trgm", types: &["gtrgm"], classes: &["gin_trgm_ops:gin", "gist_trgm_ops:gist"], schema: None },
    Known { name: "pg_uuidv7", types: &[], classes: &[], schema: None },
    Known { name: "pg_visibility", types: &[], classes: &[], schema: None },
    Known { name: "pg_walinspect", types: &[], classes: &[], schema: None },
    Known { name: "pgaudit", types: &[], classes: &[], schema: None },
    Known { name: "pgcrypto", types: &[], classes: &[], schema: None },
    Known { name: "pgjwt", types: &[], classes: &[], schema: None },
    Known { name: "pgmq", types: &[], classes: &[], schema: Some("pgmq") },
    Known { name: "pgrouting", types: &[], classes: &[], schema: None },
    Known { name: "pgrowlocks", types: &[], classes: &[], schema: None },
    Known { name: "pgsodium", types: &["key"], classes: &[], schema: Some("pgsodium") },
    Known { name: "pgstattuple", types: &[], classes: &[], schema: None },
    Known { name: "pgtap", types: &[], classes: &[], schema: None },
    Known { name: "plperl", types: &[], classes: &[], schema: Some("pg_catalog") },
    Known { name: "plperlu", types: &[], classes: &[], schema: Some("pg_catalog") },
    Known { name: "plpgsql", types: &[], classes: &[], schema: Some("pg_catalog") },
    Known { name: "plpython3u", types: &[], classes: &[], schema: Some("pg_catalog") },
    Known { name: "pltcl", types: &[], classes: &[], schema: Some("pg_catalog") },
    Known { name: "pltclu", types: &[], classes: &[], schema: Some("pg_catalog") },
    Known { name: "plv8", types: &[], classes: &[], schema: None },
    Known {
        name: "postgis",
        types: &[
            "box2d",
            "box2df",
            "box3d",
            "geography",
            "geometry",
            "geometry_dump",
            "gidx",
            "spheroid",
            "valid_detail",
        ],
        classes: &[
            "brin_geometry_inclusion_ops_2d:brin*",
            "btree_geography_ops:btree*",
            "btree_geometry_ops:btree*",
            "gist_geography_ops:gist*",
            "gist_geometry_ops_2d:gist*",
            "gist_geometry_ops_nd:gist",
            "hash_geometry_ops:hash*",
            "spgist_geography_ops_nd:spgist*",
            "spgist_geometry_ops_2d:spgist*",
            "spgist_geometry_ops_nd:spgist",
        ],
        schema: None,
    },
    Known {
        name: "postgis_raster",
        types: &[
            "addbandarg",
            "agg_count",
            "agg_samealignment",
            "geomval",
            "histogram",
            "quantile",
            "rastbandarg",
            "raster",
            "reclassarg",
            "summarystats",
            "unionarg",
        ],
        classes: &[],
        schema: None,
    },
    Known { name: "postgis_tiger_geocoder", types: &["norm_addy"], classes: &[], schema: Some("tiger") },
    Known {
        name: "postgis_topology",
        types: &[
            "getfaceedges_returntype",
            "topoelement",
            "topoelementarray",
            "topogeometry",
            "validatetopology_returntype",
        ],
        classes: &[],
        schema: Some("topology"),
    },
    Known { name: "postgres_fdw", types: &[], classes: &[], schema: None },
    Known { name: "prefix", types: &["prefix_range"], classes: &["gist_prefix_range_ops:gist"], schema: None },
    Known { name: "refint", types: &[], classes: &[], schema: None },
    Known { name: "roaringbitmap", types: &["roaringbitmap"], classes: &[], schema: None },
    Known { name: "rum", types: &[], classes: &["rum_tsvector_ops:rum*"], schema: None },
    Known { name: "seg", types: &["seg"], classes: &["gist_seg_ops:gist*", "seg_ops:btree*"], schema: None },
    Known { name: "semver", types: &["semver"], classes: &["semver_ops:btree*", "semver_ops:hash*"], schema: None },
    Known { name: "sslinfo", types: &[], classes: &[], schema: None },
    Known { name: "supabase_vault", types: &["decrypted_secrets", "secrets"], classes: &[], schema: Some("vault") },
    Known {
        name: "tablefunc",
        types: &["tablefunc_crosstab_2", "tablefunc_crosstab_3", "tablefunc_crosstab_4"],
        classes: &[],
        schema: None,
    },
    Known { name: "tcn", types: &[], classes: &[], schema: None },
    Known { name: "temporal_tables", types: &[], classes: &[], schema: None },
    Known { name: "timescaledb", types: &[], classes: &[], schema: None },
    Known { name: "tsm_system_rows", types: &[], classes: &[], schema: None },
    Known { name: "tsm_system_time", types: &[], classes: &[], schema: None },
    Known { name: "uint", types: &["int1", "uint1", "uint2", "uint4", "uint8"], classes: &[], schema: None },
    Known { name: "unaccent", types: &[], classes: &[], schema: None },
    Known { name: "unit", types: &["unit"], classes: &[], schema: None },
    Known { name: "uuid-ossp", types: &[], classes: &[], schema: None },
    Known {
        name: "vector",
        types: &["halfvec", "sparsevec", "vector"],
        classes: &[
            "bit_hamming_ops:hnsw",
            "bit_hamming_ops:ivfflat",
            "bit_jaccard_ops:hnsw",
            "halfvec_cosine_ops:hnsw",
            "halfvec_cosine_ops:ivfflat",
            "halfvec_ip_ops:hnsw",
            "halfvec_ip_ops:ivfflat",
            "halfvec_l1_ops:hnsw",
            "halfvec_l2_ops:hnsw",
            "halfvec_l2_ops:ivfflat",
            "halfvec_ops:btree*",
            "sparsevec_cosine_ops:hnsw",
            "sparsevec_ip_ops:hnsw",
            "sparsevec_l1_ops:hnsw",
            "sparsevec_l2_ops:hnsw",
            "sparsevec_ops:btree*",
            "vector_cosine_ops:hnsw",
            "vector_cosine_ops:ivfflat",
            "vector_ip_ops:hnsw",
            "vector_ip_ops:ivfflat",
            "vector_l1_ops:hnsw",
            "vector_l2_ops:hnsw",
            "vector_l2_ops:ivfflat*",
            "vector_ops:btree*",
        ],
        schema: None,
    },
    Known { name: "wrappers", types: &[], classes: &[], schema: None },
    Known { name: "xml2", types: &[], classes: &[], schema: None },
];

fn find(extension: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|one| one.name == extension)
}

/// Whether it is known what the extension brings.
pub(super) fn known(extension: &str) -> bool {
    find(extension).is_some()
}

/// The types that the extension brings.
pub(super) fn types(extension: &str) -> &'static [&'static str] {
    find(extension).map_or(&[], |one| one.types)
}

/// The schema in which the extension insists to lie.
pub(super) fn schema(extension: &str) -> Option<&'static str> {
    find(extension).and_then(|one| one.schema)
}

/// Whether the extension brings this operator class for this access method, and whether it is a default.
pub(super) fn class(extension: &str, class: &str, method: &str) -> Option<bool> {
    find(extension)?.classes.iter().find_map(|one| {
        let (name, rest) = one.split_once(':')?;
        (name == class && rest.trim_end_matches('*') == method).then(|| rest.ends_with('*'))
    })
}

/// Extensions that `CREATE EXTENSION … CASCADE` brings along.
pub(super) fn needs(extension: &str) -> &'static [&'static str] {
    match extension {
        "earthdistance" => &["cube"],
        "postgis_raster" | "postgis_topology" | "postgis_sfcgal" | "pgrouting" => &["postgis"],
        "postgis_tiger_geocoder" => &["postgis", "fuzzystrmatch"],
        "hstore_plperl" => &["hstore", "plperl"],
        "hstore_plpython3u" => &["hstore", "plpython3u"],
        "ltree_plpython3u" => &["ltree", "plpython3u"],
        "jsonb_plperl" => &["plperl"],
        "jsonb_plpython3u" => &["plpython3u"],
        "pgjwt" => &["pgcrypto"],
        "supabase_vault" => &["pgsodium"],
        _ => &[],
    }
}

/// Whether the extension makes a schema of this name for itself.
pub(super) fn makes_schema(extension: &str, schema: &str) -> bool {
    matches!(
        (extension, schema),
        ("pg_cron", "cron")
            | ("pg_net", "net")
            | ("pgmq", "pgmq")
            | ("postgis_topology", "topology")
            | ("pgsodium", "pgsodium")
            | ("supabase_vault", "vault")
            | ("pg_graphql", "graphql")
            | ("postgis_tiger_geocoder", "tiger" | "tiger_data")
            | ("age", "ag_catalog")
            | ("timescaledb", "_timescaledb_catalog" | "_timescaledb_internal" | "_timescaledb_config")
    )
}
