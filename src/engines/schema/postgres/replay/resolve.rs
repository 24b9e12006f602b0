//! Types as statements name them, found the way the server finds them.
use super::extension;
use super::run::Refusal;
use super::state::State;
use crate::engines::schema::catalog::{DataType, Key, Kind, Name};
use crate::engines::schema::postgres::normal;

/// Types of the server, by canonical name.
const OWN: &[&str] = &[
    "abstime",
    "aclitem",
    "any",
    "anyarray",
    "anyelement",
    "anyenum",
    "anynonarray",
    "anyrange",
    "anymultirange",
    "anycompatible",
    "anycompatiblearray",
    "anycompatiblenonarray",
    "anycompatiblerange",
    "anycompatiblemultirange",
    "bigint",
    "bit",
    "bit varying",
    "boolean",
    "box",
    "bpchar",
    "bytea",
    "char",
    "\"char\"",
    "character",
    "character varying",
    "cid",
    "cidr",
    "circle",
    "cstring",
    "date",
    "datemultirange",
    "daterange",
    "double precision",
    "event_trigger",
    "fdw_handler",
    "gtsvector",
    "index_am_handler",
    "inet",
    "information_schema.sql_identifier",
    "int2vector",
    "int4multirange",
    "int4range",
    "int8multirange",
    "int8range",
    "integer",
    "internal",
    "interval",
    "json",
    "jsonb",
    "jsonpath",
    "language_handler",
    "line",
    "lseg",
    "macaddr",
    "macaddr8",
    "money",
    "name",
    "numeric",
    "nummultirange",
    "numrange",
    "oid",
    "oidvector",
    "path",
    "pg_lsn",
    "pg_node_tree",
    "pg_snapshot",
    "point",
    "polygon",
    "real",
    "record",
    "refcursor",
    "regclass",
    "regcollation",
    "regconfig",
    "regdictionary",
    "regnamespace",
    "regoper",
    "regoperator",
    "regproc",
    "regprocedure",
    "regrole",
    "regtype",
    "smallint",
    "table_am_handler",
    "text",
    "tid",
    "time with time zone",
    "time without time zone",
    "timestamp with time zone",
    "timestamp without time zone",
    "trigger",
    "tsm_handler",
    "tsmultirange",
    "tsquery",
    "tsrange",
    "tstzmultirange",
    "tstzrange",
    "tsvector",
    "txid_snapshot",
    "unknown",
    "uuid",
    "void",
    "xid",
    "xid8",
    "xml",
    "time",
    "timestamp",
];

/// The serial type that a word stands for.
pub(super) fn serial(text: &str) -> Option<&'static str> {
    match text.trim().to_ascii_lowercase().as_str() {
        "serial" | "serial4" => Some("integer"),
        "bigserial" | "serial8" => Some("bigint"),
        "smallserial" | "serial2" => Some("smallint"),
        _ => None,
    }
}

impl State {
    /// A type as a statement names it, in canonical form; an error as the server gives it when there is none.
    pub(super) fn resolve_type(&self, text: &str) -> Result<DataType, Refusal> {
        let mut found = normal::data_type(text);
        if found.schema.as_deref() == Some("pg_catalog") {
            found.schema = None;
            return Ok(found);
        }
        if found.schema.is_none() && (OWN.contains(&found.name.as_str()) || found.name.starts_with("interval ")) {
            return Ok(found);
        }
        match self.type_schema(found.schema.as_deref(), &found.name) {
            Some(schema) => {
                found.schema = Some(schema);
                Ok(found)
            }
            None => match found.name.strip_prefix('_').and_then(|name| self.type_schema(found.schema.as_deref(), name))
            {
                Some(schema) => {
                    found.name = found.name.trim_start_matches('_').to_owned();
                    (found.schema, found.array) = (Some(schema), true);
                    Ok(found)
                }
                None => {
                    let name = found.to_string();
                    Err(Refusal::new("undefined_object", format!("type \"{name}\" does not exist"), Vec::<Key>::new()))
                }
            },
        }
    }

    /// The schema in which a type of this name is found.
    fn type_schema(&self, schema: Option<&str>, name: &str) -> Option<String> {
        let extension = |schema: &str| {
            self.catalog
                .extensions
                .iter()
                .any(|(extension, one)| one.schema == schema && extension::types(extension).contains(&name))
        };
        let there = self.find(schema, name, |catalog, name| {
            catalog.types.contains_key(name)
                || catalog.tables.contains_key(name)
                || catalog.views.contains_key(name)
                || extension(&name.schema)
        });
        if let Some(there) = there {
            return Some(there.schema);
        }
        if matches!(schema, Some("information_schema")) {
            return Some("information_schema".to_owned());
        }
        // An extension in a schema that is on nobody's path, or one whose types are not known here.
        let extensions =
            || self.catalog.extensions.iter().filter(|(_, one)| schema.is_none_or(|schema| schema == one.schema));
        extensions()
            .find(|(extension, _)| extension::types(extension).contains(&name))
            .or_else(|| extensions().find(|(extension, _)| !extension::known(extension)))
            .map(|(_, one)| one.schema.clone())
    }

    /// The type of the database that a column type names, when it is one of its own.
    pub(super) fn user_type(data_type: &DataType) -> Option<Name> {
        data_type.schema.as_ref().map(|schema| Name::new(&**schema, &*data_type.name))
    }

    /// The key under which a type stands.
    pub(super) fn type_key(&self, name: &Name) -> Key {
        use crate::engines::schema::catalog::UserTypeKind as Of;
        let kind = match self.catalog.types.get(name).map(|one| &one.kind) {
            Some(Of::Enum(_)) | None => Kind::Enum,
            Some(Of::Domain { .. }) => Kind::Domain,
            Some(Of::Composite(_)) => Kind::Composite,
            Some(Of::Range { .. }) => Kind::Range,
            Some(Of::Other(_)) => Kind::Other,
        };
        Key::top(kind, name)
    }
}
