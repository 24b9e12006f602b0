# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_pilab_global_optspecs
    string join \n C= config= color= ascii width= q/quiet h/help V/version
end

function __fish_pilab_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_pilab_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_pilab_using_subcommand
    set -l cmd (__fish_pilab_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c pilab -n "__fish_pilab_needs_command" -s C -d 'Act as if started in this folder' -r -f -a "(__fish_complete_directories)"
complete -c pilab -n "__fish_pilab_needs_command" -l config -d 'Read this file of settings in place of the user\'s' -r -F
complete -c pilab -n "__fish_pilab_needs_command" -l color -d 'When to write colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pilab -n "__fish_pilab_needs_command" -l width -d 'Columns of text' -r
complete -c pilab -n "__fish_pilab_needs_command" -l ascii -d 'Draw with ASCII only'
complete -c pilab -n "__fish_pilab_needs_command" -s q -l quiet -d 'Say less: no progress and next commands; twice: no warnings'
complete -c pilab -n "__fish_pilab_needs_command" -s h -l help -d 'Print help'
complete -c pilab -n "__fish_pilab_needs_command" -s V -l version -d 'Print version'
complete -c pilab -n "__fish_pilab_needs_command" -f -a "status" -d 'Show which version is where, and what stands out'
complete -c pilab -n "__fish_pilab_needs_command" -f -a "drift" -d 'Find what differs between environments or refs'
complete -c pilab -n "__fish_pilab_needs_command" -f -a "render" -d 'Print the Kubernetes objects that a module renders to'
complete -c pilab -n "__fish_pilab_needs_command" -f -a "db" -d 'Show database schemas, and what differs between them'
complete -c pilab -n "__fish_pilab_needs_command" -f -a "notes" -d 'Write release notes for a range'
complete -c pilab -n "__fish_pilab_needs_command" -f -a "explain" -d 'Explain a rule or an error code'
complete -c pilab -n "__fish_pilab_needs_command" -f -a "lint" -d 'Check the config repository'
complete -c pilab -n "__fish_pilab_needs_command" -f -a "schema" -d 'Print the JSON Schema of documents and reports'
complete -c pilab -n "__fish_pilab_needs_command" -f -a "chart" -d 'List and fetch charts that the modules\' charts need'
complete -c pilab -n "__fish_pilab_needs_command" -f -a "repo" -d 'List and fetch the modules\' repositories'
complete -c pilab -n "__fish_pilab_needs_command" -f -a "demo" -d 'Write a demo to look at: a shop with real Git history'
complete -c pilab -n "__fish_pilab_needs_command" -f -a "auth" -d 'Keep tokens for hosts'
complete -c pilab -n "__fish_pilab_needs_command" -f -a "config" -d 'Show the settings'
complete -c pilab -n "__fish_pilab_needs_command" -f -a "trust" -d 'Trust this repository\'s .pilab.toml as it stands'
complete -c pilab -n "__fish_pilab_needs_command" -f -a "completions" -d 'Print a script for completion by a shell'
complete -c pilab -n "__fish_pilab_needs_command" -f -a "man" -d 'Print a man page'
complete -c pilab -n "__fish_pilab_needs_command" -f -a "help" -d 'Explain a topic or a command'
complete -c pilab -n "__fish_pilab_needs_command" -f -a "version" -d 'Print the version'
complete -c pilab -n "__fish_pilab_using_subcommand status" -l module -d 'Only this module; may be repeated' -r
complete -c pilab -n "__fish_pilab_using_subcommand status" -l at -d 'Answer for this past state of the config repository: a revision or a date' -r
complete -c pilab -n "__fish_pilab_using_subcommand status" -s o -l output -d 'Format of the result and the file it goes to; may be repeated (pilab help formats)' -r
complete -c pilab -n "__fish_pilab_using_subcommand status" -s C -d 'Act as if started in this folder' -r -f -a "(__fish_complete_directories)"
complete -c pilab -n "__fish_pilab_using_subcommand status" -l config -d 'Read this file of settings in place of the user\'s' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand status" -l color -d 'When to write colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pilab -n "__fish_pilab_using_subcommand status" -l width -d 'Columns of text' -r
complete -c pilab -n "__fish_pilab_using_subcommand status" -l json -d 'Short for `-o json`'
complete -c pilab -n "__fish_pilab_using_subcommand status" -s v -l verbose -d 'Tell more'
complete -c pilab -n "__fish_pilab_using_subcommand status" -l ascii -d 'Draw with ASCII only'
complete -c pilab -n "__fish_pilab_using_subcommand status" -s q -l quiet -d 'Say less: no progress and next commands; twice: no warnings'
complete -c pilab -n "__fish_pilab_using_subcommand status" -s h -l help -d 'Print help'
complete -c pilab -n "__fish_pilab_using_subcommand drift; and not __fish_seen_subcommand_from explain accept revoke" -l env -d 'Like RANGE, environments only' -r
complete -c pilab -n "__fish_pilab_using_subcommand drift; and not __fish_seen_subcommand_from explain accept revoke" -l fail-on -d 'Exit with 3 when a finding is at or above this' -r -f -a "never\t''
info\t''
low\t''
medium\t''
high\t''
critical\t''"
complete -c pilab -n "__fish_pilab_using_subcommand drift; and not __fish_seen_subcommand_from explain accept revoke" -l min -d 'Show only findings at or above this' -r -f -a "info\t''
low\t''
medium\t''
high\t''
critical\t''"
complete -c pilab -n "__fish_pilab_using_subcommand drift; and not __fish_seen_subcommand_from explain accept revoke" -l module -d 'Only this module; may be repeated' -r
complete -c pilab -n "__fish_pilab_using_subcommand drift; and not __fish_seen_subcommand_from explain accept revoke" -l check -d 'Only these kinds of drift' -r -f -a "versions\t''
code\t''
env\t''
helm\t''
schema\t''"
complete -c pilab -n "__fish_pilab_using_subcommand drift; and not __fish_seen_subcommand_from explain accept revoke" -l new-since -d 'Only findings that were not there then: a revision, a date or snap:NAME' -r
complete -c pilab -n "__fish_pilab_using_subcommand drift; and not __fish_seen_subcommand_from explain accept revoke" -l baseline -d 'A JSON report or Baseline whose findings count as accepted' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand drift; and not __fish_seen_subcommand_from explain accept revoke" -l at -d 'Answer for this past state of the config repository: a revision or a date' -r
complete -c pilab -n "__fish_pilab_using_subcommand drift; and not __fish_seen_subcommand_from explain accept revoke" -s o -l output -d 'Format of the result and the file it goes to; may be repeated (pilab help formats)' -r
complete -c pilab -n "__fish_pilab_using_subcommand drift; and not __fish_seen_subcommand_from explain accept revoke" -s C -d 'Act as if started in this folder' -r -f -a "(__fish_complete_directories)"
complete -c pilab -n "__fish_pilab_using_subcommand drift; and not __fish_seen_subcommand_from explain accept revoke" -l config -d 'Read this file of settings in place of the user\'s' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand drift; and not __fish_seen_subcommand_from explain accept revoke" -l color -d 'When to write colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pilab -n "__fish_pilab_using_subcommand drift; and not __fish_seen_subcommand_from explain accept revoke" -l width -d 'Columns of text' -r
complete -c pilab -n "__fish_pilab_using_subcommand drift; and not __fish_seen_subcommand_from explain accept revoke" -l pending -d 'List pending differences too, and count them'
complete -c pilab -n "__fish_pilab_using_subcommand drift; and not __fish_seen_subcommand_from explain accept revoke" -l accepted -d 'List accepted differences too'
complete -c pilab -n "__fish_pilab_using_subcommand drift; and not __fish_seen_subcommand_from explain accept revoke" -l expected -d 'List expected differences too'
complete -c pilab -n "__fish_pilab_using_subcommand drift; and not __fish_seen_subcommand_from explain accept revoke" -l allow-incomplete -d 'Exit with 0 when something could not be checked'
complete -c pilab -n "__fish_pilab_using_subcommand drift; and not __fish_seen_subcommand_from explain accept revoke" -l show-secrets -d 'Show the values of secrets'
complete -c pilab -n "__fish_pilab_using_subcommand drift; and not __fish_seen_subcommand_from explain accept revoke" -l oneline -d 'One line for each finding'
complete -c pilab -n "__fish_pilab_using_subcommand drift; and not __fish_seen_subcommand_from explain accept revoke" -l json -d 'Short for `-o json`'
complete -c pilab -n "__fish_pilab_using_subcommand drift; and not __fish_seen_subcommand_from explain accept revoke" -s v -l verbose -d 'Tell more'
complete -c pilab -n "__fish_pilab_using_subcommand drift; and not __fish_seen_subcommand_from explain accept revoke" -l ascii -d 'Draw with ASCII only'
complete -c pilab -n "__fish_pilab_using_subcommand drift; and not __fish_seen_subcommand_from explain accept revoke" -s q -l quiet -d 'Say less: no progress and next commands; twice: no warnings'
complete -c pilab -n "__fish_pilab_using_subcommand drift; and not __fish_seen_subcommand_from explain accept revoke" -s h -l help -d 'Print help'
complete -c pilab -n "__fish_pilab_using_subcommand drift; and not __fish_seen_subcommand_from explain accept revoke" -a "explain" -d 'Show evidence, cause, severity and ways out of a finding'
complete -c pilab -n "__fish_pilab_using_subcommand drift; and not __fish_seen_subcommand_from explain accept revoke" -a "accept" -d 'Accept findings with a reason, until a date'
complete -c pilab -n "__fish_pilab_using_subcommand drift; and not __fish_seen_subcommand_from explain accept revoke" -a "revoke" -d 'Take acceptances back'
complete -c pilab -n "__fish_pilab_using_subcommand drift; and __fish_seen_subcommand_from explain" -l range -d 'The range it was found in; without it all pairs of the promotion path' -r
complete -c pilab -n "__fish_pilab_using_subcommand drift; and __fish_seen_subcommand_from explain" -l at -d 'Answer for this past state of the config repository: a revision or a date' -r
complete -c pilab -n "__fish_pilab_using_subcommand drift; and __fish_seen_subcommand_from explain" -s o -l output -d 'Format of the result and the file it goes to; may be repeated (pilab help formats)' -r
complete -c pilab -n "__fish_pilab_using_subcommand drift; and __fish_seen_subcommand_from explain" -s C -d 'Act as if started in this folder' -r -f -a "(__fish_complete_directories)"
complete -c pilab -n "__fish_pilab_using_subcommand drift; and __fish_seen_subcommand_from explain" -l config -d 'Read this file of settings in place of the user\'s' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand drift; and __fish_seen_subcommand_from explain" -l color -d 'When to write colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pilab -n "__fish_pilab_using_subcommand drift; and __fish_seen_subcommand_from explain" -l width -d 'Columns of text' -r
complete -c pilab -n "__fish_pilab_using_subcommand drift; and __fish_seen_subcommand_from explain" -l show-secrets -d 'Show the values of secrets'
complete -c pilab -n "__fish_pilab_using_subcommand drift; and __fish_seen_subcommand_from explain" -l json -d 'Short for `-o json`'
complete -c pilab -n "__fish_pilab_using_subcommand drift; and __fish_seen_subcommand_from explain" -l no-pager -d 'Never start a pager'
complete -c pilab -n "__fish_pilab_using_subcommand drift; and __fish_seen_subcommand_from explain" -l ascii -d 'Draw with ASCII only'
complete -c pilab -n "__fish_pilab_using_subcommand drift; and __fish_seen_subcommand_from explain" -s q -l quiet -d 'Say less: no progress and next commands; twice: no warnings'
complete -c pilab -n "__fish_pilab_using_subcommand drift; and __fish_seen_subcommand_from explain" -s h -l help -d 'Print help'
complete -c pilab -n "__fish_pilab_using_subcommand drift; and __fish_seen_subcommand_from accept" -l reason -d 'Why it may stay' -r
complete -c pilab -n "__fish_pilab_using_subcommand drift; and __fish_seen_subcommand_from accept" -l until -d 'The last day on which it is accepted: 2026-12-31' -r
complete -c pilab -n "__fish_pilab_using_subcommand drift; and __fish_seen_subcommand_from accept" -l ticket -d 'Ticket that is about it' -r
complete -c pilab -n "__fish_pilab_using_subcommand drift; and __fish_seen_subcommand_from accept" -s o -l output -d 'Format of the result and the file it goes to; may be repeated (pilab help formats)' -r
complete -c pilab -n "__fish_pilab_using_subcommand drift; and __fish_seen_subcommand_from accept" -s C -d 'Act as if started in this folder' -r -f -a "(__fish_complete_directories)"
complete -c pilab -n "__fish_pilab_using_subcommand drift; and __fish_seen_subcommand_from accept" -l config -d 'Read this file of settings in place of the user\'s' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand drift; and __fish_seen_subcommand_from accept" -l color -d 'When to write colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pilab -n "__fish_pilab_using_subcommand drift; and __fish_seen_subcommand_from accept" -l width -d 'Columns of text' -r
complete -c pilab -n "__fish_pilab_using_subcommand drift; and __fish_seen_subcommand_from accept" -l forever -d 'Accept it without an end'
complete -c pilab -n "__fish_pilab_using_subcommand drift; and __fish_seen_subcommand_from accept" -s n -l dry-run -d 'Write nothing, print the same'
complete -c pilab -n "__fish_pilab_using_subcommand drift; and __fish_seen_subcommand_from accept" -l json -d 'Short for `-o json`'
complete -c pilab -n "__fish_pilab_using_subcommand drift; and __fish_seen_subcommand_from accept" -l ascii -d 'Draw with ASCII only'
complete -c pilab -n "__fish_pilab_using_subcommand drift; and __fish_seen_subcommand_from accept" -s q -l quiet -d 'Say less: no progress and next commands; twice: no warnings'
complete -c pilab -n "__fish_pilab_using_subcommand drift; and __fish_seen_subcommand_from accept" -s h -l help -d 'Print help'
complete -c pilab -n "__fish_pilab_using_subcommand drift; and __fish_seen_subcommand_from revoke" -s o -l output -d 'Format of the result and the file it goes to; may be repeated (pilab help formats)' -r
complete -c pilab -n "__fish_pilab_using_subcommand drift; and __fish_seen_subcommand_from revoke" -s C -d 'Act as if started in this folder' -r -f -a "(__fish_complete_directories)"
complete -c pilab -n "__fish_pilab_using_subcommand drift; and __fish_seen_subcommand_from revoke" -l config -d 'Read this file of settings in place of the user\'s' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand drift; and __fish_seen_subcommand_from revoke" -l color -d 'When to write colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pilab -n "__fish_pilab_using_subcommand drift; and __fish_seen_subcommand_from revoke" -l width -d 'Columns of text' -r
complete -c pilab -n "__fish_pilab_using_subcommand drift; and __fish_seen_subcommand_from revoke" -s n -l dry-run -d 'Write nothing, print the same'
complete -c pilab -n "__fish_pilab_using_subcommand drift; and __fish_seen_subcommand_from revoke" -l json -d 'Short for `-o json`'
complete -c pilab -n "__fish_pilab_using_subcommand drift; and __fish_seen_subcommand_from revoke" -l ascii -d 'Draw with ASCII only'
complete -c pilab -n "__fish_pilab_using_subcommand drift; and __fish_seen_subcommand_from revoke" -s q -l quiet -d 'Say less: no progress and next commands; twice: no warnings'
complete -c pilab -n "__fish_pilab_using_subcommand drift; and __fish_seen_subcommand_from revoke" -s h -l help -d 'Print help'
complete -c pilab -n "__fish_pilab_using_subcommand render" -l env -d 'Environment whose values and version are taken' -r
complete -c pilab -n "__fish_pilab_using_subcommand render" -l ref -d 'Version or ref, instead of the one that is in the environment' -r
complete -c pilab -n "__fish_pilab_using_subcommand render" -l at -d 'Answer for this past state of the config repository: a revision or a date' -r
complete -c pilab -n "__fish_pilab_using_subcommand render" -s o -l output -d 'Format of the result and the file it goes to; may be repeated (pilab help formats)' -r
complete -c pilab -n "__fish_pilab_using_subcommand render" -s C -d 'Act as if started in this folder' -r -f -a "(__fish_complete_directories)"
complete -c pilab -n "__fish_pilab_using_subcommand render" -l config -d 'Read this file of settings in place of the user\'s' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand render" -l color -d 'When to write colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pilab -n "__fish_pilab_using_subcommand render" -l width -d 'Columns of text' -r
complete -c pilab -n "__fish_pilab_using_subcommand render" -l show-secrets -d 'Show the values of secrets'
complete -c pilab -n "__fish_pilab_using_subcommand render" -l json -d 'Short for `-o json`'
complete -c pilab -n "__fish_pilab_using_subcommand render" -l ascii -d 'Draw with ASCII only'
complete -c pilab -n "__fish_pilab_using_subcommand render" -s q -l quiet -d 'Say less: no progress and next commands; twice: no warnings'
complete -c pilab -n "__fish_pilab_using_subcommand render" -s h -l help -d 'Print help'
complete -c pilab -n "__fish_pilab_using_subcommand db; and not __fish_seen_subcommand_from show diff inspect record" -s C -d 'Act as if started in this folder' -r -f -a "(__fish_complete_directories)"
complete -c pilab -n "__fish_pilab_using_subcommand db; and not __fish_seen_subcommand_from show diff inspect record" -l config -d 'Read this file of settings in place of the user\'s' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand db; and not __fish_seen_subcommand_from show diff inspect record" -l color -d 'When to write colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pilab -n "__fish_pilab_using_subcommand db; and not __fish_seen_subcommand_from show diff inspect record" -l width -d 'Columns of text' -r
complete -c pilab -n "__fish_pilab_using_subcommand db; and not __fish_seen_subcommand_from show diff inspect record" -l ascii -d 'Draw with ASCII only'
complete -c pilab -n "__fish_pilab_using_subcommand db; and not __fish_seen_subcommand_from show diff inspect record" -s q -l quiet -d 'Say less: no progress and next commands; twice: no warnings'
complete -c pilab -n "__fish_pilab_using_subcommand db; and not __fish_seen_subcommand_from show diff inspect record" -s h -l help -d 'Print help'
complete -c pilab -n "__fish_pilab_using_subcommand db; and not __fish_seen_subcommand_from show diff inspect record" -f -a "show" -d 'Print the schema that the migrations of a version make'
complete -c pilab -n "__fish_pilab_using_subcommand db; and not __fish_seen_subcommand_from show diff inspect record" -f -a "diff" -d 'Show what differs between two versions, or between a version and its database'
complete -c pilab -n "__fish_pilab_using_subcommand db; and not __fish_seen_subcommand_from show diff inspect record" -f -a "inspect" -d 'Print the schema that a database has; only reads'
complete -c pilab -n "__fish_pilab_using_subcommand db; and not __fish_seen_subcommand_from show diff inspect record" -f -a "record" -d 'Read a database and keep what it has in the config repository, for drift to compare'
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from show" -l env -d 'Environment whose version is taken' -r
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from show" -l ref -d 'Version or ref, instead of the one that is in the environment' -r
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from show" -l at -d 'Answer for this past state of the config repository: a revision or a date' -r
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from show" -s o -l output -d 'Format of the result and the file it goes to; may be repeated (pilab help formats)' -r
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from show" -s C -d 'Act as if started in this folder' -r -f -a "(__fish_complete_directories)"
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from show" -l config -d 'Read this file of settings in place of the user\'s' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from show" -l color -d 'When to write colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from show" -l width -d 'Columns of text' -r
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from show" -l json -d 'Short for `-o json`'
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from show" -l ascii -d 'Draw with ASCII only'
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say less: no progress and next commands; twice: no warnings'
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from diff" -l live -d 'Compare the database of this environment with what its versions should have made' -r
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from diff" -l module -d 'Only this module; may be repeated' -r
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from diff" -l dsn -d 'Where the address of the database is kept: env://NAME, keyring://service/name, file:///path' -r
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from diff" -l sqlite -d 'A SQLite file' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from diff" -l dump -d 'A dump in SQL, for those who must not connect' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from diff" -l dialect -d 'Dialect of the dump: postgresql, mysql, mariadb, sqlite' -r
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from diff" -l at -d 'Answer for this past state of the config repository: a revision or a date' -r
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from diff" -s o -l output -d 'Format of the result and the file it goes to; may be repeated (pilab help formats)' -r
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from diff" -s C -d 'Act as if started in this folder' -r -f -a "(__fish_complete_directories)"
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from diff" -l config -d 'Read this file of settings in place of the user\'s' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from diff" -l color -d 'When to write colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from diff" -l width -d 'Columns of text' -r
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from diff" -l allow-incomplete -d 'Exit with 0 when something could not be checked'
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from diff" -l json -d 'Short for `-o json`'
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from diff" -l ascii -d 'Draw with ASCII only'
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from diff" -s q -l quiet -d 'Say less: no progress and next commands; twice: no warnings'
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from diff" -s h -l help -d 'Print help'
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from inspect" -l env -d 'Environment that names the address' -r
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from inspect" -l dsn -d 'Where the address of the database is kept: env://NAME, keyring://service/name, file:///path' -r
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from inspect" -l sqlite -d 'A SQLite file' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from inspect" -l dump -d 'A dump in SQL, for those who must not connect' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from inspect" -l dialect -d 'Dialect of the dump: postgresql, mysql, mariadb, sqlite' -r
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from inspect" -s o -l output -d 'Format of the result and the file it goes to; may be repeated (pilab help formats)' -r
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from inspect" -s C -d 'Act as if started in this folder' -r -f -a "(__fish_complete_directories)"
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from inspect" -l config -d 'Read this file of settings in place of the user\'s' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from inspect" -l color -d 'When to write colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from inspect" -l width -d 'Columns of text' -r
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from inspect" -l json -d 'Short for `-o json`'
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from inspect" -l ascii -d 'Draw with ASCII only'
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from inspect" -s q -l quiet -d 'Say less: no progress and next commands; twice: no warnings'
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from inspect" -s h -l help -d 'Print help'
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from record" -l env -d 'Environment' -r
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from record" -l dsn -d 'Where the address of the database is kept: env://NAME, keyring://service/name, file:///path' -r
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from record" -l sqlite -d 'A SQLite file' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from record" -l dump -d 'A dump in SQL, for those who must not connect' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from record" -l dialect -d 'Dialect of the dump: postgresql, mysql, mariadb, sqlite' -r
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from record" -s o -l output -d 'Format of the result and the file it goes to; may be repeated (pilab help formats)' -r
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from record" -s C -d 'Act as if started in this folder' -r -f -a "(__fish_complete_directories)"
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from record" -l config -d 'Read this file of settings in place of the user\'s' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from record" -l color -d 'When to write colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from record" -l width -d 'Columns of text' -r
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from record" -l json -d 'Short for `-o json`'
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from record" -l ascii -d 'Draw with ASCII only'
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from record" -s q -l quiet -d 'Say less: no progress and next commands; twice: no warnings'
complete -c pilab -n "__fish_pilab_using_subcommand db; and __fish_seen_subcommand_from record" -s h -l help -d 'Print help'
complete -c pilab -n "__fish_pilab_using_subcommand notes" -l module -d 'Only this module; may be repeated' -r
complete -c pilab -n "__fish_pilab_using_subcommand notes" -l template -d 'What writes the Markdown: `markdown` or `changelog`, which are built in, or a minijinja template in a file' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand notes" -l at -d 'Answer for this past state of the config repository: a revision or a date' -r
complete -c pilab -n "__fish_pilab_using_subcommand notes" -s o -l output -d 'Format of the result and the file it goes to; may be repeated (pilab help formats)' -r
complete -c pilab -n "__fish_pilab_using_subcommand notes" -s C -d 'Act as if started in this folder' -r -f -a "(__fish_complete_directories)"
complete -c pilab -n "__fish_pilab_using_subcommand notes" -l config -d 'Read this file of settings in place of the user\'s' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand notes" -l color -d 'When to write colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pilab -n "__fish_pilab_using_subcommand notes" -l width -d 'Columns of text' -r
complete -c pilab -n "__fish_pilab_using_subcommand notes" -l context -d 'Print the value that templates see, as JSON'
complete -c pilab -n "__fish_pilab_using_subcommand notes" -l left-out -d 'List the commits that are not in the notes, with reasons, on stderr'
complete -c pilab -n "__fish_pilab_using_subcommand notes" -l allow-incomplete -d 'Exit with 0 when something could not be looked at'
complete -c pilab -n "__fish_pilab_using_subcommand notes" -l json -d 'Short for `-o json`'
complete -c pilab -n "__fish_pilab_using_subcommand notes" -l ascii -d 'Draw with ASCII only'
complete -c pilab -n "__fish_pilab_using_subcommand notes" -s q -l quiet -d 'Say less: no progress and next commands; twice: no warnings'
complete -c pilab -n "__fish_pilab_using_subcommand notes" -s h -l help -d 'Print help'
complete -c pilab -n "__fish_pilab_using_subcommand explain" -s C -d 'Act as if started in this folder' -r -f -a "(__fish_complete_directories)"
complete -c pilab -n "__fish_pilab_using_subcommand explain" -l config -d 'Read this file of settings in place of the user\'s' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand explain" -l color -d 'When to write colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pilab -n "__fish_pilab_using_subcommand explain" -l width -d 'Columns of text' -r
complete -c pilab -n "__fish_pilab_using_subcommand explain" -l list -d 'List all rules and codes'
complete -c pilab -n "__fish_pilab_using_subcommand explain" -l no-pager -d 'Never start a pager'
complete -c pilab -n "__fish_pilab_using_subcommand explain" -l ascii -d 'Draw with ASCII only'
complete -c pilab -n "__fish_pilab_using_subcommand explain" -s q -l quiet -d 'Say less: no progress and next commands; twice: no warnings'
complete -c pilab -n "__fish_pilab_using_subcommand explain" -s h -l help -d 'Print help'
complete -c pilab -n "__fish_pilab_using_subcommand lint" -l at -d 'Answer for this past state of the config repository: a revision or a date' -r
complete -c pilab -n "__fish_pilab_using_subcommand lint" -s o -l output -d 'Format of the result and the file it goes to; may be repeated (pilab help formats)' -r
complete -c pilab -n "__fish_pilab_using_subcommand lint" -s C -d 'Act as if started in this folder' -r -f -a "(__fish_complete_directories)"
complete -c pilab -n "__fish_pilab_using_subcommand lint" -l config -d 'Read this file of settings in place of the user\'s' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand lint" -l color -d 'When to write colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pilab -n "__fish_pilab_using_subcommand lint" -l width -d 'Columns of text' -r
complete -c pilab -n "__fish_pilab_using_subcommand lint" -l json -d 'Short for `-o json`'
complete -c pilab -n "__fish_pilab_using_subcommand lint" -l ascii -d 'Draw with ASCII only'
complete -c pilab -n "__fish_pilab_using_subcommand lint" -s q -l quiet -d 'Say less: no progress and next commands; twice: no warnings'
complete -c pilab -n "__fish_pilab_using_subcommand lint" -s h -l help -d 'Print help'
complete -c pilab -n "__fish_pilab_using_subcommand schema" -s C -d 'Act as if started in this folder' -r -f -a "(__fish_complete_directories)"
complete -c pilab -n "__fish_pilab_using_subcommand schema" -l config -d 'Read this file of settings in place of the user\'s' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand schema" -l color -d 'When to write colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pilab -n "__fish_pilab_using_subcommand schema" -l width -d 'Columns of text' -r
complete -c pilab -n "__fish_pilab_using_subcommand schema" -l ascii -d 'Draw with ASCII only'
complete -c pilab -n "__fish_pilab_using_subcommand schema" -s q -l quiet -d 'Say less: no progress and next commands; twice: no warnings'
complete -c pilab -n "__fish_pilab_using_subcommand schema" -s h -l help -d 'Print help'
complete -c pilab -n "__fish_pilab_using_subcommand chart; and not __fish_seen_subcommand_from list fetch" -s C -d 'Act as if started in this folder' -r -f -a "(__fish_complete_directories)"
complete -c pilab -n "__fish_pilab_using_subcommand chart; and not __fish_seen_subcommand_from list fetch" -l config -d 'Read this file of settings in place of the user\'s' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand chart; and not __fish_seen_subcommand_from list fetch" -l color -d 'When to write colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pilab -n "__fish_pilab_using_subcommand chart; and not __fish_seen_subcommand_from list fetch" -l width -d 'Columns of text' -r
complete -c pilab -n "__fish_pilab_using_subcommand chart; and not __fish_seen_subcommand_from list fetch" -l ascii -d 'Draw with ASCII only'
complete -c pilab -n "__fish_pilab_using_subcommand chart; and not __fish_seen_subcommand_from list fetch" -s q -l quiet -d 'Say less: no progress and next commands; twice: no warnings'
complete -c pilab -n "__fish_pilab_using_subcommand chart; and not __fish_seen_subcommand_from list fetch" -s h -l help -d 'Print help'
complete -c pilab -n "__fish_pilab_using_subcommand chart; and not __fish_seen_subcommand_from list fetch" -f -a "list" -d 'List the charts that the modules\' charts need from repositories'
complete -c pilab -n "__fish_pilab_using_subcommand chart; and not __fish_seen_subcommand_from list fetch" -f -a "fetch" -d 'Fetch them into the cache, over https or from OCI registries'
complete -c pilab -n "__fish_pilab_using_subcommand chart; and __fish_seen_subcommand_from list" -s o -l output -d 'Format of the result and the file it goes to; may be repeated (pilab help formats)' -r
complete -c pilab -n "__fish_pilab_using_subcommand chart; and __fish_seen_subcommand_from list" -s C -d 'Act as if started in this folder' -r -f -a "(__fish_complete_directories)"
complete -c pilab -n "__fish_pilab_using_subcommand chart; and __fish_seen_subcommand_from list" -l config -d 'Read this file of settings in place of the user\'s' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand chart; and __fish_seen_subcommand_from list" -l color -d 'When to write colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pilab -n "__fish_pilab_using_subcommand chart; and __fish_seen_subcommand_from list" -l width -d 'Columns of text' -r
complete -c pilab -n "__fish_pilab_using_subcommand chart; and __fish_seen_subcommand_from list" -l json -d 'Short for `-o json`'
complete -c pilab -n "__fish_pilab_using_subcommand chart; and __fish_seen_subcommand_from list" -l ascii -d 'Draw with ASCII only'
complete -c pilab -n "__fish_pilab_using_subcommand chart; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say less: no progress and next commands; twice: no warnings'
complete -c pilab -n "__fish_pilab_using_subcommand chart; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c pilab -n "__fish_pilab_using_subcommand chart; and __fish_seen_subcommand_from fetch" -s o -l output -d 'Format of the result and the file it goes to; may be repeated (pilab help formats)' -r
complete -c pilab -n "__fish_pilab_using_subcommand chart; and __fish_seen_subcommand_from fetch" -s C -d 'Act as if started in this folder' -r -f -a "(__fish_complete_directories)"
complete -c pilab -n "__fish_pilab_using_subcommand chart; and __fish_seen_subcommand_from fetch" -l config -d 'Read this file of settings in place of the user\'s' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand chart; and __fish_seen_subcommand_from fetch" -l color -d 'When to write colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pilab -n "__fish_pilab_using_subcommand chart; and __fish_seen_subcommand_from fetch" -l width -d 'Columns of text' -r
complete -c pilab -n "__fish_pilab_using_subcommand chart; and __fish_seen_subcommand_from fetch" -l json -d 'Short for `-o json`'
complete -c pilab -n "__fish_pilab_using_subcommand chart; and __fish_seen_subcommand_from fetch" -l ascii -d 'Draw with ASCII only'
complete -c pilab -n "__fish_pilab_using_subcommand chart; and __fish_seen_subcommand_from fetch" -s q -l quiet -d 'Say less: no progress and next commands; twice: no warnings'
complete -c pilab -n "__fish_pilab_using_subcommand chart; and __fish_seen_subcommand_from fetch" -s h -l help -d 'Print help'
complete -c pilab -n "__fish_pilab_using_subcommand repo; and not __fish_seen_subcommand_from list fetch" -s C -d 'Act as if started in this folder' -r -f -a "(__fish_complete_directories)"
complete -c pilab -n "__fish_pilab_using_subcommand repo; and not __fish_seen_subcommand_from list fetch" -l config -d 'Read this file of settings in place of the user\'s' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand repo; and not __fish_seen_subcommand_from list fetch" -l color -d 'When to write colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pilab -n "__fish_pilab_using_subcommand repo; and not __fish_seen_subcommand_from list fetch" -l width -d 'Columns of text' -r
complete -c pilab -n "__fish_pilab_using_subcommand repo; and not __fish_seen_subcommand_from list fetch" -l ascii -d 'Draw with ASCII only'
complete -c pilab -n "__fish_pilab_using_subcommand repo; and not __fish_seen_subcommand_from list fetch" -s q -l quiet -d 'Say less: no progress and next commands; twice: no warnings'
complete -c pilab -n "__fish_pilab_using_subcommand repo; and not __fish_seen_subcommand_from list fetch" -s h -l help -d 'Print help'
complete -c pilab -n "__fish_pilab_using_subcommand repo; and not __fish_seen_subcommand_from list fetch" -f -a "list" -d 'List the repositories and where they are read from'
complete -c pilab -n "__fish_pilab_using_subcommand repo; and not __fish_seen_subcommand_from list fetch" -f -a "fetch" -d 'Fetch repositories into the cache'
complete -c pilab -n "__fish_pilab_using_subcommand repo; and __fish_seen_subcommand_from list" -s o -l output -d 'Format of the result and the file it goes to; may be repeated (pilab help formats)' -r
complete -c pilab -n "__fish_pilab_using_subcommand repo; and __fish_seen_subcommand_from list" -s C -d 'Act as if started in this folder' -r -f -a "(__fish_complete_directories)"
complete -c pilab -n "__fish_pilab_using_subcommand repo; and __fish_seen_subcommand_from list" -l config -d 'Read this file of settings in place of the user\'s' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand repo; and __fish_seen_subcommand_from list" -l color -d 'When to write colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pilab -n "__fish_pilab_using_subcommand repo; and __fish_seen_subcommand_from list" -l width -d 'Columns of text' -r
complete -c pilab -n "__fish_pilab_using_subcommand repo; and __fish_seen_subcommand_from list" -l json -d 'Short for `-o json`'
complete -c pilab -n "__fish_pilab_using_subcommand repo; and __fish_seen_subcommand_from list" -l ascii -d 'Draw with ASCII only'
complete -c pilab -n "__fish_pilab_using_subcommand repo; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say less: no progress and next commands; twice: no warnings'
complete -c pilab -n "__fish_pilab_using_subcommand repo; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c pilab -n "__fish_pilab_using_subcommand repo; and __fish_seen_subcommand_from fetch" -s o -l output -d 'Format of the result and the file it goes to; may be repeated (pilab help formats)' -r
complete -c pilab -n "__fish_pilab_using_subcommand repo; and __fish_seen_subcommand_from fetch" -s C -d 'Act as if started in this folder' -r -f -a "(__fish_complete_directories)"
complete -c pilab -n "__fish_pilab_using_subcommand repo; and __fish_seen_subcommand_from fetch" -l config -d 'Read this file of settings in place of the user\'s' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand repo; and __fish_seen_subcommand_from fetch" -l color -d 'When to write colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pilab -n "__fish_pilab_using_subcommand repo; and __fish_seen_subcommand_from fetch" -l width -d 'Columns of text' -r
complete -c pilab -n "__fish_pilab_using_subcommand repo; and __fish_seen_subcommand_from fetch" -l offline -d 'Refuse the network: only repositories at local paths are fetched'
complete -c pilab -n "__fish_pilab_using_subcommand repo; and __fish_seen_subcommand_from fetch" -l json -d 'Short for `-o json`'
complete -c pilab -n "__fish_pilab_using_subcommand repo; and __fish_seen_subcommand_from fetch" -l ascii -d 'Draw with ASCII only'
complete -c pilab -n "__fish_pilab_using_subcommand repo; and __fish_seen_subcommand_from fetch" -s q -l quiet -d 'Say less: no progress and next commands; twice: no warnings'
complete -c pilab -n "__fish_pilab_using_subcommand repo; and __fish_seen_subcommand_from fetch" -s h -l help -d 'Print help'
complete -c pilab -n "__fish_pilab_using_subcommand demo" -s C -d 'Act as if started in this folder' -r -f -a "(__fish_complete_directories)"
complete -c pilab -n "__fish_pilab_using_subcommand demo" -l config -d 'Read this file of settings in place of the user\'s' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand demo" -l color -d 'When to write colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pilab -n "__fish_pilab_using_subcommand demo" -l width -d 'Columns of text' -r
complete -c pilab -n "__fish_pilab_using_subcommand demo" -l tour -d 'Run the main commands on it'
complete -c pilab -n "__fish_pilab_using_subcommand demo" -l ascii -d 'Draw with ASCII only'
complete -c pilab -n "__fish_pilab_using_subcommand demo" -s q -l quiet -d 'Say less: no progress and next commands; twice: no warnings'
complete -c pilab -n "__fish_pilab_using_subcommand demo" -s h -l help -d 'Print help'
complete -c pilab -n "__fish_pilab_using_subcommand auth; and not __fish_seen_subcommand_from login logout status" -s C -d 'Act as if started in this folder' -r -f -a "(__fish_complete_directories)"
complete -c pilab -n "__fish_pilab_using_subcommand auth; and not __fish_seen_subcommand_from login logout status" -l config -d 'Read this file of settings in place of the user\'s' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand auth; and not __fish_seen_subcommand_from login logout status" -l color -d 'When to write colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pilab -n "__fish_pilab_using_subcommand auth; and not __fish_seen_subcommand_from login logout status" -l width -d 'Columns of text' -r
complete -c pilab -n "__fish_pilab_using_subcommand auth; and not __fish_seen_subcommand_from login logout status" -l ascii -d 'Draw with ASCII only'
complete -c pilab -n "__fish_pilab_using_subcommand auth; and not __fish_seen_subcommand_from login logout status" -s q -l quiet -d 'Say less: no progress and next commands; twice: no warnings'
complete -c pilab -n "__fish_pilab_using_subcommand auth; and not __fish_seen_subcommand_from login logout status" -s h -l help -d 'Print help'
complete -c pilab -n "__fish_pilab_using_subcommand auth; and not __fish_seen_subcommand_from login logout status" -f -a "login" -d 'Keep a token for a host'
complete -c pilab -n "__fish_pilab_using_subcommand auth; and not __fish_seen_subcommand_from login logout status" -f -a "logout" -d 'Forget the token of a host'
complete -c pilab -n "__fish_pilab_using_subcommand auth; and not __fish_seen_subcommand_from login logout status" -f -a "status" -d 'Show which hosts have a token, and where it comes from'
complete -c pilab -n "__fish_pilab_using_subcommand auth; and __fish_seen_subcommand_from login" -l store -d 'Where to keep it: the system\'s secret store, or a file that only you can read' -r -f -a "keyring\t''
file\t''"
complete -c pilab -n "__fish_pilab_using_subcommand auth; and __fish_seen_subcommand_from login" -s C -d 'Act as if started in this folder' -r -f -a "(__fish_complete_directories)"
complete -c pilab -n "__fish_pilab_using_subcommand auth; and __fish_seen_subcommand_from login" -l config -d 'Read this file of settings in place of the user\'s' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand auth; and __fish_seen_subcommand_from login" -l color -d 'When to write colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pilab -n "__fish_pilab_using_subcommand auth; and __fish_seen_subcommand_from login" -l width -d 'Columns of text' -r
complete -c pilab -n "__fish_pilab_using_subcommand auth; and __fish_seen_subcommand_from login" -l with-token -d 'Read the token from standard input'
complete -c pilab -n "__fish_pilab_using_subcommand auth; and __fish_seen_subcommand_from login" -l ascii -d 'Draw with ASCII only'
complete -c pilab -n "__fish_pilab_using_subcommand auth; and __fish_seen_subcommand_from login" -s q -l quiet -d 'Say less: no progress and next commands; twice: no warnings'
complete -c pilab -n "__fish_pilab_using_subcommand auth; and __fish_seen_subcommand_from login" -s h -l help -d 'Print help'
complete -c pilab -n "__fish_pilab_using_subcommand auth; and __fish_seen_subcommand_from logout" -s C -d 'Act as if started in this folder' -r -f -a "(__fish_complete_directories)"
complete -c pilab -n "__fish_pilab_using_subcommand auth; and __fish_seen_subcommand_from logout" -l config -d 'Read this file of settings in place of the user\'s' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand auth; and __fish_seen_subcommand_from logout" -l color -d 'When to write colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pilab -n "__fish_pilab_using_subcommand auth; and __fish_seen_subcommand_from logout" -l width -d 'Columns of text' -r
complete -c pilab -n "__fish_pilab_using_subcommand auth; and __fish_seen_subcommand_from logout" -l ascii -d 'Draw with ASCII only'
complete -c pilab -n "__fish_pilab_using_subcommand auth; and __fish_seen_subcommand_from logout" -s q -l quiet -d 'Say less: no progress and next commands; twice: no warnings'
complete -c pilab -n "__fish_pilab_using_subcommand auth; and __fish_seen_subcommand_from logout" -s h -l help -d 'Print help'
complete -c pilab -n "__fish_pilab_using_subcommand auth; and __fish_seen_subcommand_from status" -s o -l output -d 'Format of the result and the file it goes to; may be repeated (pilab help formats)' -r
complete -c pilab -n "__fish_pilab_using_subcommand auth; and __fish_seen_subcommand_from status" -s C -d 'Act as if started in this folder' -r -f -a "(__fish_complete_directories)"
complete -c pilab -n "__fish_pilab_using_subcommand auth; and __fish_seen_subcommand_from status" -l config -d 'Read this file of settings in place of the user\'s' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand auth; and __fish_seen_subcommand_from status" -l color -d 'When to write colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pilab -n "__fish_pilab_using_subcommand auth; and __fish_seen_subcommand_from status" -l width -d 'Columns of text' -r
complete -c pilab -n "__fish_pilab_using_subcommand auth; and __fish_seen_subcommand_from status" -l json -d 'Short for `-o json`'
complete -c pilab -n "__fish_pilab_using_subcommand auth; and __fish_seen_subcommand_from status" -l ascii -d 'Draw with ASCII only'
complete -c pilab -n "__fish_pilab_using_subcommand auth; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Say less: no progress and next commands; twice: no warnings'
complete -c pilab -n "__fish_pilab_using_subcommand auth; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help'
complete -c pilab -n "__fish_pilab_using_subcommand config; and not __fish_seen_subcommand_from list get" -s C -d 'Act as if started in this folder' -r -f -a "(__fish_complete_directories)"
complete -c pilab -n "__fish_pilab_using_subcommand config; and not __fish_seen_subcommand_from list get" -l config -d 'Read this file of settings in place of the user\'s' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand config; and not __fish_seen_subcommand_from list get" -l color -d 'When to write colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pilab -n "__fish_pilab_using_subcommand config; and not __fish_seen_subcommand_from list get" -l width -d 'Columns of text' -r
complete -c pilab -n "__fish_pilab_using_subcommand config; and not __fish_seen_subcommand_from list get" -l ascii -d 'Draw with ASCII only'
complete -c pilab -n "__fish_pilab_using_subcommand config; and not __fish_seen_subcommand_from list get" -s q -l quiet -d 'Say less: no progress and next commands; twice: no warnings'
complete -c pilab -n "__fish_pilab_using_subcommand config; and not __fish_seen_subcommand_from list get" -s h -l help -d 'Print help'
complete -c pilab -n "__fish_pilab_using_subcommand config; and not __fish_seen_subcommand_from list get" -f -a "list" -d 'List all settings'
complete -c pilab -n "__fish_pilab_using_subcommand config; and not __fish_seen_subcommand_from list get" -f -a "get" -d 'Print the value of one setting'
complete -c pilab -n "__fish_pilab_using_subcommand config; and __fish_seen_subcommand_from list" -s o -l output -d 'Format of the result and the file it goes to; may be repeated (pilab help formats)' -r
complete -c pilab -n "__fish_pilab_using_subcommand config; and __fish_seen_subcommand_from list" -s C -d 'Act as if started in this folder' -r -f -a "(__fish_complete_directories)"
complete -c pilab -n "__fish_pilab_using_subcommand config; and __fish_seen_subcommand_from list" -l config -d 'Read this file of settings in place of the user\'s' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand config; and __fish_seen_subcommand_from list" -l color -d 'When to write colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pilab -n "__fish_pilab_using_subcommand config; and __fish_seen_subcommand_from list" -l width -d 'Columns of text' -r
complete -c pilab -n "__fish_pilab_using_subcommand config; and __fish_seen_subcommand_from list" -l show-origin -d 'Show who set each of them'
complete -c pilab -n "__fish_pilab_using_subcommand config; and __fish_seen_subcommand_from list" -l json -d 'Short for `-o json`'
complete -c pilab -n "__fish_pilab_using_subcommand config; and __fish_seen_subcommand_from list" -l ascii -d 'Draw with ASCII only'
complete -c pilab -n "__fish_pilab_using_subcommand config; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say less: no progress and next commands; twice: no warnings'
complete -c pilab -n "__fish_pilab_using_subcommand config; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c pilab -n "__fish_pilab_using_subcommand config; and __fish_seen_subcommand_from get" -s C -d 'Act as if started in this folder' -r -f -a "(__fish_complete_directories)"
complete -c pilab -n "__fish_pilab_using_subcommand config; and __fish_seen_subcommand_from get" -l config -d 'Read this file of settings in place of the user\'s' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand config; and __fish_seen_subcommand_from get" -l color -d 'When to write colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pilab -n "__fish_pilab_using_subcommand config; and __fish_seen_subcommand_from get" -l width -d 'Columns of text' -r
complete -c pilab -n "__fish_pilab_using_subcommand config; and __fish_seen_subcommand_from get" -l ascii -d 'Draw with ASCII only'
complete -c pilab -n "__fish_pilab_using_subcommand config; and __fish_seen_subcommand_from get" -s q -l quiet -d 'Say less: no progress and next commands; twice: no warnings'
complete -c pilab -n "__fish_pilab_using_subcommand config; and __fish_seen_subcommand_from get" -s h -l help -d 'Print help'
complete -c pilab -n "__fish_pilab_using_subcommand trust" -s C -d 'Act as if started in this folder' -r -f -a "(__fish_complete_directories)"
complete -c pilab -n "__fish_pilab_using_subcommand trust" -l config -d 'Read this file of settings in place of the user\'s' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand trust" -l color -d 'When to write colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pilab -n "__fish_pilab_using_subcommand trust" -l width -d 'Columns of text' -r
complete -c pilab -n "__fish_pilab_using_subcommand trust" -l revoke -d 'Trust it no longer'
complete -c pilab -n "__fish_pilab_using_subcommand trust" -s n -l dry-run -d 'Write nothing, print the same'
complete -c pilab -n "__fish_pilab_using_subcommand trust" -l ascii -d 'Draw with ASCII only'
complete -c pilab -n "__fish_pilab_using_subcommand trust" -s q -l quiet -d 'Say less: no progress and next commands; twice: no warnings'
complete -c pilab -n "__fish_pilab_using_subcommand trust" -s h -l help -d 'Print help'
complete -c pilab -n "__fish_pilab_using_subcommand completions" -s C -d 'Act as if started in this folder' -r -f -a "(__fish_complete_directories)"
complete -c pilab -n "__fish_pilab_using_subcommand completions" -l config -d 'Read this file of settings in place of the user\'s' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand completions" -l color -d 'When to write colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pilab -n "__fish_pilab_using_subcommand completions" -l width -d 'Columns of text' -r
complete -c pilab -n "__fish_pilab_using_subcommand completions" -l ascii -d 'Draw with ASCII only'
complete -c pilab -n "__fish_pilab_using_subcommand completions" -s q -l quiet -d 'Say less: no progress and next commands; twice: no warnings'
complete -c pilab -n "__fish_pilab_using_subcommand completions" -s h -l help -d 'Print help'
complete -c pilab -n "__fish_pilab_using_subcommand man" -s C -d 'Act as if started in this folder' -r -f -a "(__fish_complete_directories)"
complete -c pilab -n "__fish_pilab_using_subcommand man" -l config -d 'Read this file of settings in place of the user\'s' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand man" -l color -d 'When to write colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pilab -n "__fish_pilab_using_subcommand man" -l width -d 'Columns of text' -r
complete -c pilab -n "__fish_pilab_using_subcommand man" -l ascii -d 'Draw with ASCII only'
complete -c pilab -n "__fish_pilab_using_subcommand man" -s q -l quiet -d 'Say less: no progress and next commands; twice: no warnings'
complete -c pilab -n "__fish_pilab_using_subcommand man" -s h -l help -d 'Print help'
complete -c pilab -n "__fish_pilab_using_subcommand help" -s C -d 'Act as if started in this folder' -r -f -a "(__fish_complete_directories)"
complete -c pilab -n "__fish_pilab_using_subcommand help" -l config -d 'Read this file of settings in place of the user\'s' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand help" -l color -d 'When to write colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pilab -n "__fish_pilab_using_subcommand help" -l width -d 'Columns of text' -r
complete -c pilab -n "__fish_pilab_using_subcommand help" -l no-pager -d 'Never start a pager'
complete -c pilab -n "__fish_pilab_using_subcommand help" -l ascii -d 'Draw with ASCII only'
complete -c pilab -n "__fish_pilab_using_subcommand help" -s q -l quiet -d 'Say less: no progress and next commands; twice: no warnings'
complete -c pilab -n "__fish_pilab_using_subcommand help" -s h -l help -d 'Print help'
complete -c pilab -n "__fish_pilab_using_subcommand version" -s C -d 'Act as if started in this folder' -r -f -a "(__fish_complete_directories)"
complete -c pilab -n "__fish_pilab_using_subcommand version" -l config -d 'Read this file of settings in place of the user\'s' -r -F
complete -c pilab -n "__fish_pilab_using_subcommand version" -l color -d 'When to write colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pilab -n "__fish_pilab_using_subcommand version" -l width -d 'Columns of text' -r
complete -c pilab -n "__fish_pilab_using_subcommand version" -l json -d 'Print it as JSON, with what this binary was built with'
complete -c pilab -n "__fish_pilab_using_subcommand version" -l ascii -d 'Draw with ASCII only'
complete -c pilab -n "__fish_pilab_using_subcommand version" -s q -l quiet -d 'Say less: no progress and next commands; twice: no warnings'
complete -c pilab -n "__fish_pilab_using_subcommand version" -s h -l help -d 'Print help'
