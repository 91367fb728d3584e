
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'quorate' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'quorate'
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
        'quorate' {
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Makes a workspace with its nodes and a rehearsal genesis')
            [CompletionResult]::new('key', 'key', [CompletionResultType]::ParameterValue, 'Threshold keys')
            [CompletionResult]::new('aux', 'aux', [CompletionResultType]::ParameterValue, 'Paillier data of ECDSA keys')
            [CompletionResult]::new('node', 'node', [CompletionResultType]::ParameterValue, 'The nodes that hold shares')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Signs a message with any quorum of servers')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Verifies any signature, offline and without a workspace')
            [CompletionResult]::new('audit', 'audit', [CompletionResultType]::ParameterValue, 'Signed, hash-chained logs')
            [CompletionResult]::new('selftest', 'selftest', [CompletionResultType]::ParameterValue, 'Runs known-answer tests of everything cryptographic')
            [CompletionResult]::new('ceremony', 'ceremony', [CompletionResultType]::ParameterValue, 'Scripted ceremonies')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Prints the completion script for a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Writes the manual pages')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'quorate;init' {
            [CompletionResult]::new('--servers', '--servers', [CompletionResultType]::ParameterName, 'The nodes'' names, in order (2 to 16)')
            [CompletionResult]::new('--seal', '--seal', [CompletionResultType]::ParameterName, 'What opens the node stores: a key file beside them (unprotected), or a passphrase')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--no-nodes', '--no-nodes', [CompletionResultType]::ParameterName, 'A custodian''s or auditor''s home: no nodes')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'quorate;key' {
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Generates a threshold key over the nodes')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'Lists the keys of this workspace, incomplete ones too')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Shows one key: public key, servers, key card, spoken words')
            [CompletionResult]::new('resume', 'resume', [CompletionResultType]::ParameterValue, 'Finishes a key generation that was interrupted')
            [CompletionResult]::new('abandon', 'abandon', [CompletionResultType]::ParameterValue, 'Gives up a key whose generation was never completed')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'quorate;key;generate' {
            [CompletionResult]::new('--curve', '--curve', [CompletionResultType]::ParameterName, 'SECP256k1, ED25519, P256, P384, P521, ED448, SECP256K1_SCHNORR, STARK, or an alias')
            [CompletionResult]::new('--threshold', '--threshold', [CompletionResultType]::ParameterName, 'How many servers sign together (2 up to the number of servers)')
            [CompletionResult]::new('--servers', '--servers', [CompletionResultType]::ParameterName, 'The servers that hold the key, in order; default: all of the genesis')
            [CompletionResult]::new('--label', '--label', [CompletionResultType]::ParameterName, 'A name for people; need not be unique')
            [CompletionResult]::new('--purpose', '--purpose', [CompletionResultType]::ParameterName, 'What the key may be used for: rehearsal, or production, which needs a production genesis')
            [CompletionResult]::new('--backup', '--backup', [CompletionResultType]::ParameterName, 'Write a second copy of the key card here before success is reported')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--no-loss-tolerance', '--no-loss-tolerance', [CompletionResultType]::ParameterName, 'Allow a threshold equal to the number of servers: losing one server then loses the key')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'quorate;key;list' {
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'quorate;key;show' {
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The key''s keyId')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'quorate;key;resume' {
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The key''s keyId')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'quorate;key;abandon' {
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The keyId; only an incomplete key can be abandoned')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'quorate;key;help' {
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Generates a threshold key over the nodes')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'Lists the keys of this workspace, incomplete ones too')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Shows one key: public key, servers, key card, spoken words')
            [CompletionResult]::new('resume', 'resume', [CompletionResultType]::ParameterValue, 'Finishes a key generation that was interrupted')
            [CompletionResult]::new('abandon', 'abandon', [CompletionResultType]::ParameterValue, 'Gives up a key whose generation was never completed')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'quorate;key;help;generate' {
            break
        }
        'quorate;key;help;list' {
            break
        }
        'quorate;key;help;show' {
            break
        }
        'quorate;key;help;resume' {
            break
        }
        'quorate;key;help;abandon' {
            break
        }
        'quorate;key;help;help' {
            break
        }
        'quorate;aux' {
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('renew', 'renew', [CompletionResultType]::ParameterValue, 'Makes new Paillier data for an ECDSA key on its servers')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'quorate;aux;renew' {
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The key''s keyId')
            [CompletionResult]::new('--servers', '--servers', [CompletionResultType]::ParameterName, 'The servers that get new aux, at least as many as sign; default: all that hold the key')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'quorate;aux;help' {
            [CompletionResult]::new('renew', 'renew', [CompletionResultType]::ParameterValue, 'Makes new Paillier data for an ECDSA key on its servers')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'quorate;aux;help;renew' {
            break
        }
        'quorate;aux;help;help' {
            break
        }
        'quorate;node' {
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'Lists the nodes of this workspace')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Shows what a node holds: shares, aux, log head')
            [CompletionResult]::new('card', 'card', [CompletionResultType]::ParameterValue, 'Prints a node''s public, self-signed card')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'quorate;node;list' {
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'quorate;node;status' {
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'quorate;node;card' {
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'quorate;node;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'Lists the nodes of this workspace')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Shows what a node holds: shares, aux, log head')
            [CompletionResult]::new('card', 'card', [CompletionResultType]::ParameterValue, 'Prints a node''s public, self-signed card')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'quorate;node;help;list' {
            break
        }
        'quorate;node;help;status' {
            break
        }
        'quorate;node;help;card' {
            break
        }
        'quorate;node;help;help' {
            break
        }
        'quorate;sign' {
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The key''s keyId')
            [CompletionResult]::new('--message-file', '--message-file', [CompletionResultType]::ParameterName, 'The file to sign, whole; - reads standard input')
            [CompletionResult]::new('--message', '--message', [CompletionResultType]::ParameterName, 'The message itself, as UTF-8')
            [CompletionResult]::new('--digest', '--digest', [CompletionResultType]::ParameterName, 'A digest made elsewhere (not for the EdDSA curves)')
            [CompletionResult]::new('--hash', '--hash', [CompletionResultType]::ParameterName, 'How the message is hashed; default: what the curve''s users expect')
            [CompletionResult]::new('--servers', '--servers', [CompletionResultType]::ParameterName, 'The servers that sign, exactly as many as the threshold; default: chosen')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write the signature''s bytes to a new file; - is standard output')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--taproot', '--taproot', [CompletionResultType]::ParameterName, 'Sign under the BIP-341 output key (SECP256K1_SCHNORR only)')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'quorate;verify' {
            [CompletionResult]::new('--curve', '--curve', [CompletionResultType]::ParameterName, 'SECP256k1, ED25519, P256, P384, P521, ED448, SECP256K1_SCHNORR, STARK, or an alias')
            [CompletionResult]::new('--public-key', '--public-key', [CompletionResultType]::ParameterName, 'The public key as `key show` prints it')
            [CompletionResult]::new('--signature', '--signature', [CompletionResultType]::ParameterName, 'The signature: DER or r|s for ECDSA, 64 or 114 bytes for EdDSA, 64 for BIP-340')
            [CompletionResult]::new('--message-file', '--message-file', [CompletionResultType]::ParameterName, 'The file to sign, whole; - reads standard input')
            [CompletionResult]::new('--message', '--message', [CompletionResultType]::ParameterName, 'The message itself, as UTF-8')
            [CompletionResult]::new('--digest', '--digest', [CompletionResultType]::ParameterName, 'A digest made elsewhere (not for the EdDSA curves)')
            [CompletionResult]::new('--hash', '--hash', [CompletionResultType]::ParameterName, 'How the message is hashed; default: what the curve''s users expect')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'quorate;audit' {
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Shows the end of the audit logs')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'quorate;audit;show' {
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Only this node''s log; default: the workspace''s and every node''s')
            [CompletionResult]::new('--tail', '--tail', [CompletionResultType]::ParameterName, 'How many entries, from the end')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'quorate;audit;help' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Shows the end of the audit logs')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'quorate;audit;help;show' {
            break
        }
        'quorate;audit;help;help' {
            break
        }
        'quorate;selftest' {
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'quorate;ceremony' {
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Runs a ceremony script, in a throwaway workspace unless --home is given')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Checks a ceremony script and the command line of every step; runs nothing')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'quorate;ceremony;run' {
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--unattended', '--unattended', [CompletionResultType]::ParameterName, 'Do not wait for anybody''s confirmation (rehearsals only)')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'quorate;ceremony;check' {
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'quorate;ceremony;help' {
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Runs a ceremony script, in a throwaway workspace unless --home is given')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Checks a ceremony script and the command line of every step; runs nothing')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'quorate;ceremony;help;run' {
            break
        }
        'quorate;ceremony;help;check' {
            break
        }
        'quorate;ceremony;help;help' {
            break
        }
        'quorate;completions' {
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'quorate;man' {
            [CompletionResult]::new('--out-dir', '--out-dir', [CompletionResultType]::ParameterName, 'An existing directory; pages of the same name there are replaced')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'quorate;help' {
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Makes a workspace with its nodes and a rehearsal genesis')
            [CompletionResult]::new('key', 'key', [CompletionResultType]::ParameterValue, 'Threshold keys')
            [CompletionResult]::new('aux', 'aux', [CompletionResultType]::ParameterValue, 'Paillier data of ECDSA keys')
            [CompletionResult]::new('node', 'node', [CompletionResultType]::ParameterValue, 'The nodes that hold shares')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Signs a message with any quorum of servers')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Verifies any signature, offline and without a workspace')
            [CompletionResult]::new('audit', 'audit', [CompletionResultType]::ParameterValue, 'Signed, hash-chained logs')
            [CompletionResult]::new('selftest', 'selftest', [CompletionResultType]::ParameterValue, 'Runs known-answer tests of everything cryptographic')
            [CompletionResult]::new('ceremony', 'ceremony', [CompletionResultType]::ParameterValue, 'Scripted ceremonies')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Prints the completion script for a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Writes the manual pages')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'quorate;help;init' {
            break
        }
        'quorate;help;key' {
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Generates a threshold key over the nodes')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'Lists the keys of this workspace, incomplete ones too')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Shows one key: public key, servers, key card, spoken words')
            [CompletionResult]::new('resume', 'resume', [CompletionResultType]::ParameterValue, 'Finishes a key generation that was interrupted')
            [CompletionResult]::new('abandon', 'abandon', [CompletionResultType]::ParameterValue, 'Gives up a key whose generation was never completed')
            break
        }
        'quorate;help;key;generate' {
            break
        }
        'quorate;help;key;list' {
            break
        }
        'quorate;help;key;show' {
            break
        }
        'quorate;help;key;resume' {
            break
        }
        'quorate;help;key;abandon' {
            break
        }
        'quorate;help;aux' {
            [CompletionResult]::new('renew', 'renew', [CompletionResultType]::ParameterValue, 'Makes new Paillier data for an ECDSA key on its servers')
            break
        }
        'quorate;help;aux;renew' {
            break
        }
        'quorate;help;node' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'Lists the nodes of this workspace')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Shows what a node holds: shares, aux, log head')
            [CompletionResult]::new('card', 'card', [CompletionResultType]::ParameterValue, 'Prints a node''s public, self-signed card')
            break
        }
        'quorate;help;node;list' {
            break
        }
        'quorate;help;node;status' {
            break
        }
        'quorate;help;node;card' {
            break
        }
        'quorate;help;sign' {
            break
        }
        'quorate;help;verify' {
            break
        }
        'quorate;help;audit' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Shows the end of the audit logs')
            break
        }
        'quorate;help;audit;show' {
            break
        }
        'quorate;help;selftest' {
            break
        }
        'quorate;help;ceremony' {
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Runs a ceremony script, in a throwaway workspace unless --home is given')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Checks a ceremony script and the command line of every step; runs nothing')
            break
        }
        'quorate;help;ceremony;run' {
            break
        }
        'quorate;help;ceremony;check' {
            break
        }
        'quorate;help;completions' {
            break
        }
        'quorate;help;man' {
            break
        }
        'quorate;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
