
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'pilab' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'pilab'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'pilab' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Act as if started in this folder')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file of settings in place of the user''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Columns of text')
            [CompletionResult]::new('--ascii', '--ascii', [CompletionResultType]::ParameterName, 'Draw with ASCII only')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show which version is where, and what stands out')
            [CompletionResult]::new('drift', 'drift', [CompletionResultType]::ParameterValue, 'Find what differs between environments or refs')
            [CompletionResult]::new('render', 'render', [CompletionResultType]::ParameterValue, 'Print the Kubernetes objects that a module renders to')
            [CompletionResult]::new('db', 'db', [CompletionResultType]::ParameterValue, 'Show database schemas, and what differs between them')
            [CompletionResult]::new('notes', 'notes', [CompletionResultType]::ParameterValue, 'Write release notes for a range')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Explain a rule or an error code')
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'Check the config repository')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the JSON Schema of documents and reports')
            [CompletionResult]::new('chart', 'chart', [CompletionResultType]::ParameterValue, 'List and fetch charts that the modules'' charts need')
            [CompletionResult]::new('repo', 'repo', [CompletionResultType]::ParameterValue, 'List and fetch the modules'' repositories')
            [CompletionResult]::new('demo', 'demo', [CompletionResultType]::ParameterValue, 'Write a demo to look at: a shop with real Git history')
            [CompletionResult]::new('auth', 'auth', [CompletionResultType]::ParameterValue, 'Keep tokens for hosts')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Show the settings')
            [CompletionResult]::new('trust', 'trust', [CompletionResultType]::ParameterValue, 'Trust this repository''s .pilab.toml as it stands')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a script for completion by a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print a man page')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Explain a topic or a command')
            [CompletionResult]::new('version', 'version', [CompletionResultType]::ParameterValue, 'Print the version')
            break
        }
        'pilab;status' {
            [CompletionResult]::new('--module', '--module', [CompletionResultType]::ParameterName, 'Only this module; may be repeated')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Answer for this past state of the config repository: a revision or a date')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result and the file it goes to; may be repeated (pilab help formats)')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result and the file it goes to; may be repeated (pilab help formats)')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Act as if started in this folder')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file of settings in place of the user''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Columns of text')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for `-o json`')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more')
            [CompletionResult]::new('--ascii', '--ascii', [CompletionResultType]::ParameterName, 'Draw with ASCII only')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pilab;drift' {
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'Like RANGE, environments only')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'Exit with 3 when a finding is at or above this')
            [CompletionResult]::new('--min', '--min', [CompletionResultType]::ParameterName, 'Show only findings at or above this')
            [CompletionResult]::new('--module', '--module', [CompletionResultType]::ParameterName, 'Only this module; may be repeated')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Only these kinds of drift')
            [CompletionResult]::new('--new-since', '--new-since', [CompletionResultType]::ParameterName, 'Only findings that were not there then: a revision, a date or snap:NAME')
            [CompletionResult]::new('--baseline', '--baseline', [CompletionResultType]::ParameterName, 'A JSON report or Baseline whose findings count as accepted')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Answer for this past state of the config repository: a revision or a date')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result and the file it goes to; may be repeated (pilab help formats)')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result and the file it goes to; may be repeated (pilab help formats)')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Act as if started in this folder')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file of settings in place of the user''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Columns of text')
            [CompletionResult]::new('--pending', '--pending', [CompletionResultType]::ParameterName, 'List pending differences too, and count them')
            [CompletionResult]::new('--accepted', '--accepted', [CompletionResultType]::ParameterName, 'List accepted differences too')
            [CompletionResult]::new('--expected', '--expected', [CompletionResultType]::ParameterName, 'List expected differences too')
            [CompletionResult]::new('--allow-incomplete', '--allow-incomplete', [CompletionResultType]::ParameterName, 'Exit with 0 when something could not be checked')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Show the values of secrets')
            [CompletionResult]::new('--oneline', '--oneline', [CompletionResultType]::ParameterName, 'One line for each finding')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for `-o json`')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell more')
            [CompletionResult]::new('--ascii', '--ascii', [CompletionResultType]::ParameterName, 'Draw with ASCII only')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Show evidence, cause, severity and ways out of a finding')
            [CompletionResult]::new('accept', 'accept', [CompletionResultType]::ParameterValue, 'Accept findings with a reason, until a date')
            [CompletionResult]::new('revoke', 'revoke', [CompletionResultType]::ParameterValue, 'Take acceptances back')
            break
        }
        'pilab;drift;explain' {
            [CompletionResult]::new('--range', '--range', [CompletionResultType]::ParameterName, 'The range it was found in; without it all pairs of the promotion path')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Answer for this past state of the config repository: a revision or a date')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result and the file it goes to; may be repeated (pilab help formats)')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result and the file it goes to; may be repeated (pilab help formats)')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Act as if started in this folder')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file of settings in place of the user''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Columns of text')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Show the values of secrets')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for `-o json`')
            [CompletionResult]::new('--no-pager', '--no-pager', [CompletionResultType]::ParameterName, 'Never start a pager')
            [CompletionResult]::new('--ascii', '--ascii', [CompletionResultType]::ParameterName, 'Draw with ASCII only')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pilab;drift;accept' {
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why it may stay')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'The last day on which it is accepted: 2026-12-31')
            [CompletionResult]::new('--ticket', '--ticket', [CompletionResultType]::ParameterName, 'Ticket that is about it')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result and the file it goes to; may be repeated (pilab help formats)')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result and the file it goes to; may be repeated (pilab help formats)')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Act as if started in this folder')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file of settings in place of the user''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Columns of text')
            [CompletionResult]::new('--forever', '--forever', [CompletionResultType]::ParameterName, 'Accept it without an end')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Write nothing, print the same')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Write nothing, print the same')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for `-o json`')
            [CompletionResult]::new('--ascii', '--ascii', [CompletionResultType]::ParameterName, 'Draw with ASCII only')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pilab;drift;revoke' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result and the file it goes to; may be repeated (pilab help formats)')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result and the file it goes to; may be repeated (pilab help formats)')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Act as if started in this folder')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file of settings in place of the user''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Columns of text')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Write nothing, print the same')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Write nothing, print the same')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for `-o json`')
            [CompletionResult]::new('--ascii', '--ascii', [CompletionResultType]::ParameterName, 'Draw with ASCII only')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pilab;render' {
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'Environment whose values and version are taken')
            [CompletionResult]::new('--ref', '--ref', [CompletionResultType]::ParameterName, 'Version or ref, instead of the one that is in the environment')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Answer for this past state of the config repository: a revision or a date')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result and the file it goes to; may be repeated (pilab help formats)')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result and the file it goes to; may be repeated (pilab help formats)')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Act as if started in this folder')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file of settings in place of the user''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Columns of text')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Show the values of secrets')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for `-o json`')
            [CompletionResult]::new('--ascii', '--ascii', [CompletionResultType]::ParameterName, 'Draw with ASCII only')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pilab;db' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Act as if started in this folder')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file of settings in place of the user''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Columns of text')
            [CompletionResult]::new('--ascii', '--ascii', [CompletionResultType]::ParameterName, 'Draw with ASCII only')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Print the schema that the migrations of a version make')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Show what differs between two versions, or between a version and its database')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Print the schema that a database has; only reads')
            [CompletionResult]::new('record', 'record', [CompletionResultType]::ParameterValue, 'Read a database and keep what it has in the config repository, for drift to compare')
            break
        }
        'pilab;db;show' {
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'Environment whose version is taken')
            [CompletionResult]::new('--ref', '--ref', [CompletionResultType]::ParameterName, 'Version or ref, instead of the one that is in the environment')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Answer for this past state of the config repository: a revision or a date')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result and the file it goes to; may be repeated (pilab help formats)')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result and the file it goes to; may be repeated (pilab help formats)')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Act as if started in this folder')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file of settings in place of the user''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Columns of text')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for `-o json`')
            [CompletionResult]::new('--ascii', '--ascii', [CompletionResultType]::ParameterName, 'Draw with ASCII only')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pilab;db;diff' {
            [CompletionResult]::new('--live', '--live', [CompletionResultType]::ParameterName, 'Compare the database of this environment with what its versions should have made')
            [CompletionResult]::new('--module', '--module', [CompletionResultType]::ParameterName, 'Only this module; may be repeated')
            [CompletionResult]::new('--dsn', '--dsn', [CompletionResultType]::ParameterName, 'Where the address of the database is kept: env://NAME, keyring://service/name, file:///path')
            [CompletionResult]::new('--sqlite', '--sqlite', [CompletionResultType]::ParameterName, 'A SQLite file')
            [CompletionResult]::new('--dump', '--dump', [CompletionResultType]::ParameterName, 'A dump in SQL, for those who must not connect')
            [CompletionResult]::new('--dialect', '--dialect', [CompletionResultType]::ParameterName, 'Dialect of the dump: postgresql, mysql, mariadb, sqlite')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Answer for this past state of the config repository: a revision or a date')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result and the file it goes to; may be repeated (pilab help formats)')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result and the file it goes to; may be repeated (pilab help formats)')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Act as if started in this folder')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file of settings in place of the user''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Columns of text')
            [CompletionResult]::new('--allow-incomplete', '--allow-incomplete', [CompletionResultType]::ParameterName, 'Exit with 0 when something could not be checked')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for `-o json`')
            [CompletionResult]::new('--ascii', '--ascii', [CompletionResultType]::ParameterName, 'Draw with ASCII only')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pilab;db;inspect' {
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'Environment that names the address')
            [CompletionResult]::new('--dsn', '--dsn', [CompletionResultType]::ParameterName, 'Where the address of the database is kept: env://NAME, keyring://service/name, file:///path')
            [CompletionResult]::new('--sqlite', '--sqlite', [CompletionResultType]::ParameterName, 'A SQLite file')
            [CompletionResult]::new('--dump', '--dump', [CompletionResultType]::ParameterName, 'A dump in SQL, for those who must not connect')
            [CompletionResult]::new('--dialect', '--dialect', [CompletionResultType]::ParameterName, 'Dialect of the dump: postgresql, mysql, mariadb, sqlite')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result and the file it goes to; may be repeated (pilab help formats)')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result and the file it goes to; may be repeated (pilab help formats)')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Act as if started in this folder')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file of settings in place of the user''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Columns of text')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for `-o json`')
            [CompletionResult]::new('--ascii', '--ascii', [CompletionResultType]::ParameterName, 'Draw with ASCII only')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pilab;db;record' {
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'Environment')
            [CompletionResult]::new('--dsn', '--dsn', [CompletionResultType]::ParameterName, 'Where the address of the database is kept: env://NAME, keyring://service/name, file:///path')
            [CompletionResult]::new('--sqlite', '--sqlite', [CompletionResultType]::ParameterName, 'A SQLite file')
            [CompletionResult]::new('--dump', '--dump', [CompletionResultType]::ParameterName, 'A dump in SQL, for those who must not connect')
            [CompletionResult]::new('--dialect', '--dialect', [CompletionResultType]::ParameterName, 'Dialect of the dump: postgresql, mysql, mariadb, sqlite')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result and the file it goes to; may be repeated (pilab help formats)')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result and the file it goes to; may be repeated (pilab help formats)')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Act as if started in this folder')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file of settings in place of the user''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Columns of text')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for `-o json`')
            [CompletionResult]::new('--ascii', '--ascii', [CompletionResultType]::ParameterName, 'Draw with ASCII only')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pilab;notes' {
            [CompletionResult]::new('--module', '--module', [CompletionResultType]::ParameterName, 'Only this module; may be repeated')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'What writes the Markdown: `markdown` or `changelog`, which are built in, or a minijinja template in a file')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Answer for this past state of the config repository: a revision or a date')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result and the file it goes to; may be repeated (pilab help formats)')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result and the file it goes to; may be repeated (pilab help formats)')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Act as if started in this folder')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file of settings in place of the user''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Columns of text')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Print the value that templates see, as JSON')
            [CompletionResult]::new('--left-out', '--left-out', [CompletionResultType]::ParameterName, 'List the commits that are not in the notes, with reasons, on stderr')
            [CompletionResult]::new('--allow-incomplete', '--allow-incomplete', [CompletionResultType]::ParameterName, 'Exit with 0 when something could not be looked at')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for `-o json`')
            [CompletionResult]::new('--ascii', '--ascii', [CompletionResultType]::ParameterName, 'Draw with ASCII only')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pilab;explain' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Act as if started in this folder')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file of settings in place of the user''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Columns of text')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'List all rules and codes')
            [CompletionResult]::new('--no-pager', '--no-pager', [CompletionResultType]::ParameterName, 'Never start a pager')
            [CompletionResult]::new('--ascii', '--ascii', [CompletionResultType]::ParameterName, 'Draw with ASCII only')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pilab;lint' {
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Answer for this past state of the config repository: a revision or a date')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result and the file it goes to; may be repeated (pilab help formats)')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result and the file it goes to; may be repeated (pilab help formats)')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Act as if started in this folder')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file of settings in place of the user''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Columns of text')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for `-o json`')
            [CompletionResult]::new('--ascii', '--ascii', [CompletionResultType]::ParameterName, 'Draw with ASCII only')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pilab;schema' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Act as if started in this folder')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file of settings in place of the user''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Columns of text')
            [CompletionResult]::new('--ascii', '--ascii', [CompletionResultType]::ParameterName, 'Draw with ASCII only')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pilab;chart' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Act as if started in this folder')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file of settings in place of the user''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Columns of text')
            [CompletionResult]::new('--ascii', '--ascii', [CompletionResultType]::ParameterName, 'Draw with ASCII only')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the charts that the modules'' charts need from repositories')
            [CompletionResult]::new('fetch', 'fetch', [CompletionResultType]::ParameterValue, 'Fetch them into the cache, over https or from OCI registries')
            break
        }
        'pilab;chart;list' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result and the file it goes to; may be repeated (pilab help formats)')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result and the file it goes to; may be repeated (pilab help formats)')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Act as if started in this folder')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file of settings in place of the user''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Columns of text')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for `-o json`')
            [CompletionResult]::new('--ascii', '--ascii', [CompletionResultType]::ParameterName, 'Draw with ASCII only')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pilab;chart;fetch' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result and the file it goes to; may be repeated (pilab help formats)')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result and the file it goes to; may be repeated (pilab help formats)')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Act as if started in this folder')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file of settings in place of the user''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Columns of text')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for `-o json`')
            [CompletionResult]::new('--ascii', '--ascii', [CompletionResultType]::ParameterName, 'Draw with ASCII only')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pilab;repo' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Act as if started in this folder')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file of settings in place of the user''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Columns of text')
            [CompletionResult]::new('--ascii', '--ascii', [CompletionResultType]::ParameterName, 'Draw with ASCII only')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the repositories and where they are read from')
            [CompletionResult]::new('fetch', 'fetch', [CompletionResultType]::ParameterValue, 'Fetch repositories into the cache')
            break
        }
        'pilab;repo;list' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result and the file it goes to; may be repeated (pilab help formats)')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result and the file it goes to; may be repeated (pilab help formats)')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Act as if started in this folder')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file of settings in place of the user''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Columns of text')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for `-o json`')
            [CompletionResult]::new('--ascii', '--ascii', [CompletionResultType]::ParameterName, 'Draw with ASCII only')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pilab;repo;fetch' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result and the file it goes to; may be repeated (pilab help formats)')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result and the file it goes to; may be repeated (pilab help formats)')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Act as if started in this folder')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file of settings in place of the user''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Columns of text')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Refuse the network: only repositories at local paths are fetched')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for `-o json`')
            [CompletionResult]::new('--ascii', '--ascii', [CompletionResultType]::ParameterName, 'Draw with ASCII only')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pilab;demo' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Act as if started in this folder')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file of settings in place of the user''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Columns of text')
            [CompletionResult]::new('--tour', '--tour', [CompletionResultType]::ParameterName, 'Run the main commands on it')
            [CompletionResult]::new('--ascii', '--ascii', [CompletionResultType]::ParameterName, 'Draw with ASCII only')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pilab;auth' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Act as if started in this folder')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file of settings in place of the user''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Columns of text')
            [CompletionResult]::new('--ascii', '--ascii', [CompletionResultType]::ParameterName, 'Draw with ASCII only')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Keep a token for a host')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Forget the token of a host')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show which hosts have a token, and where it comes from')
            break
        }
        'pilab;auth;login' {
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Where to keep it: the system''s secret store, or a file that only you can read')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Act as if started in this folder')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file of settings in place of the user''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Columns of text')
            [CompletionResult]::new('--with-token', '--with-token', [CompletionResultType]::ParameterName, 'Read the token from standard input')
            [CompletionResult]::new('--ascii', '--ascii', [CompletionResultType]::ParameterName, 'Draw with ASCII only')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pilab;auth;logout' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Act as if started in this folder')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file of settings in place of the user''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Columns of text')
            [CompletionResult]::new('--ascii', '--ascii', [CompletionResultType]::ParameterName, 'Draw with ASCII only')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pilab;auth;status' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result and the file it goes to; may be repeated (pilab help formats)')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result and the file it goes to; may be repeated (pilab help formats)')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Act as if started in this folder')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file of settings in place of the user''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Columns of text')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for `-o json`')
            [CompletionResult]::new('--ascii', '--ascii', [CompletionResultType]::ParameterName, 'Draw with ASCII only')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pilab;config' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Act as if started in this folder')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file of settings in place of the user''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Columns of text')
            [CompletionResult]::new('--ascii', '--ascii', [CompletionResultType]::ParameterName, 'Draw with ASCII only')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List all settings')
            [CompletionResult]::new('get', 'get', [CompletionResultType]::ParameterValue, 'Print the value of one setting')
            break
        }
        'pilab;config;list' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result and the file it goes to; may be repeated (pilab help formats)')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result and the file it goes to; may be repeated (pilab help formats)')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Act as if started in this folder')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file of settings in place of the user''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Columns of text')
            [CompletionResult]::new('--show-origin', '--show-origin', [CompletionResultType]::ParameterName, 'Show who set each of them')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for `-o json`')
            [CompletionResult]::new('--ascii', '--ascii', [CompletionResultType]::ParameterName, 'Draw with ASCII only')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pilab;config;get' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Act as if started in this folder')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file of settings in place of the user''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Columns of text')
            [CompletionResult]::new('--ascii', '--ascii', [CompletionResultType]::ParameterName, 'Draw with ASCII only')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pilab;trust' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Act as if started in this folder')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file of settings in place of the user''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Columns of text')
            [CompletionResult]::new('--revoke', '--revoke', [CompletionResultType]::ParameterName, 'Trust it no longer')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Write nothing, print the same')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Write nothing, print the same')
            [CompletionResult]::new('--ascii', '--ascii', [CompletionResultType]::ParameterName, 'Draw with ASCII only')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pilab;completions' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Act as if started in this folder')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file of settings in place of the user''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Columns of text')
            [CompletionResult]::new('--ascii', '--ascii', [CompletionResultType]::ParameterName, 'Draw with ASCII only')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pilab;man' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Act as if started in this folder')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file of settings in place of the user''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Columns of text')
            [CompletionResult]::new('--ascii', '--ascii', [CompletionResultType]::ParameterName, 'Draw with ASCII only')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pilab;help' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Act as if started in this folder')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file of settings in place of the user''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Columns of text')
            [CompletionResult]::new('--no-pager', '--no-pager', [CompletionResultType]::ParameterName, 'Never start a pager')
            [CompletionResult]::new('--ascii', '--ascii', [CompletionResultType]::ParameterName, 'Draw with ASCII only')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'pilab;version' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Act as if started in this folder')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file of settings in place of the user''s')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to write colours')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Columns of text')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print it as JSON, with what this binary was built with')
            [CompletionResult]::new('--ascii', '--ascii', [CompletionResultType]::ParameterName, 'Draw with ASCII only')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no progress and next commands; twice: no warnings')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
