
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
            [CompletionResult]::new('person', 'person', [CompletionResultType]::ParameterValue, 'The people whom the nodes know: custodians, approvers and others')
            [CompletionResult]::new('policy', 'policy', [CompletionResultType]::ParameterValue, 'Who decides: people, roles and quorums of the genesis')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Signs a message with any quorum of servers')
            [CompletionResult]::new('request', 'request', [CompletionResultType]::ParameterValue, 'Requests that custodians grant on their own machines')
            [CompletionResult]::new('approve', 'approve', [CompletionResultType]::ParameterValue, 'Agrees to a request, field by field')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Verifies any signature, offline and without a workspace')
            [CompletionResult]::new('custodian', 'custodian', [CompletionResultType]::ParameterValue, 'A custodian''s own identity: an age key and an approval key under one passphrase')
            [CompletionResult]::new('guardian', 'guardian', [CompletionResultType]::ParameterValue, 'Guardians hold an identity''s shares on paper: some of them together restore it, fewer learn nothing')
            [CompletionResult]::new('share', 'share', [CompletionResultType]::ParameterValue, 'Shares outside of nodes: shards that custodians hold, and their way from one to the next')
            [CompletionResult]::new('audit', 'audit', [CompletionResultType]::ParameterValue, 'Signed, hash-chained logs')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Lists operations that stopped half-way, the copies of every share, and what finishes each')
            [CompletionResult]::new('recover', 'recover', [CompletionResultType]::ParameterValue, 'Makes a private key whole from its shares: the last resort, after which the key is exposed')
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
            [CompletionResult]::new('--production', '--production', [CompletionResultType]::ParameterName, 'Nodes for keys that guard value: they do nothing until people have adopted a production genesis')
            [CompletionResult]::new('--generate-passphrase', '--generate-passphrase', [CompletionResultType]::ParameterName, 'Draw the passphrase: seven random words, shown once')
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
            [CompletionResult]::new('alias', 'alias', [CompletionResultType]::ParameterValue, 'Gives a key a second id, for shares that are imported anew; all its servers sign it')
            [CompletionResult]::new('locks', 'locks', [CompletionResultType]::ParameterValue, 'Lists whom the servers of a key do not work with, and why')
            [CompletionResult]::new('unlock', 'unlock', [CompletionResultType]::ParameterValue, 'Has the servers of a key work again with a server that misbehaved')
            [CompletionResult]::new('mark-exposed', 'mark-exposed', [CompletionResultType]::ParameterValue, 'Tells the servers that a key was recovered somewhere: they sign with it no more')
            [CompletionResult]::new('rebuild-inventory', 'rebuild-inventory', [CompletionResultType]::ParameterValue, 'Writes lost key cards into the workspace again, from shards')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'quorate;key;generate' {
            [CompletionResult]::new('--curve', '--curve', [CompletionResultType]::ParameterName, 'SECP256k1, ED25519, P256, P384, P521, ED448, SECP256K1_SCHNORR, STARK, or an alias')
            [CompletionResult]::new('--threshold', '--threshold', [CompletionResultType]::ParameterName, 'How many servers sign together (2 up to the number of servers)')
            [CompletionResult]::new('--servers', '--servers', [CompletionResultType]::ParameterName, 'The servers that hold the key, in order; default: all of the genesis')
            [CompletionResult]::new('--label', '--label', [CompletionResultType]::ParameterName, 'A name for people; need not be unique')
            [CompletionResult]::new('--purpose', '--purpose', [CompletionResultType]::ParameterName, 'What the key may be used for, rehearsal or production; default: what the genesis is for')
            [CompletionResult]::new('--backup', '--backup', [CompletionResultType]::ParameterName, 'Write a second copy of the key card here before success is reported')
            [CompletionResult]::new('--requester', '--requester', [CompletionResultType]::ParameterName, 'The identity of whoever asks')
            [CompletionResult]::new('--request', '--request', [CompletionResultType]::ParameterName, 'A request for just this that others have approved; repeat for several')
            [CompletionResult]::new('--approval', '--approval', [CompletionResultType]::ParameterName, 'An approval of one of those requests; repeat for each')
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
            [CompletionResult]::new('--requester', '--requester', [CompletionResultType]::ParameterName, 'The identity of whoever asks')
            [CompletionResult]::new('--request', '--request', [CompletionResultType]::ParameterName, 'A request for just this that others have approved; repeat for several')
            [CompletionResult]::new('--approval', '--approval', [CompletionResultType]::ParameterName, 'An approval of one of those requests; repeat for each')
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
            [CompletionResult]::new('--requester', '--requester', [CompletionResultType]::ParameterName, 'The identity of whoever asks')
            [CompletionResult]::new('--request', '--request', [CompletionResultType]::ParameterName, 'A request for just this that others have approved; repeat for several')
            [CompletionResult]::new('--approval', '--approval', [CompletionResultType]::ParameterName, 'An approval of one of those requests; repeat for each')
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
        'quorate;key;alias' {
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The key''s keyId')
            [CompletionResult]::new('--label', '--label', [CompletionResultType]::ParameterName, 'Free text')
            [CompletionResult]::new('--requester', '--requester', [CompletionResultType]::ParameterName, 'The identity of whoever asks')
            [CompletionResult]::new('--request', '--request', [CompletionResultType]::ParameterName, 'A request for just this that others have approved; repeat for several')
            [CompletionResult]::new('--approval', '--approval', [CompletionResultType]::ParameterName, 'An approval of one of those requests; repeat for each')
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
        'quorate;key;locks' {
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
        'quorate;key;unlock' {
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The key''s keyId')
            [CompletionResult]::new('--culprit', '--culprit', [CompletionResultType]::ParameterName, 'The server that was found to misbehave')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why it may take part again, for everybody''s logs; a request that is given has it')
            [CompletionResult]::new('--requester', '--requester', [CompletionResultType]::ParameterName, 'The identity of whoever asks')
            [CompletionResult]::new('--request', '--request', [CompletionResultType]::ParameterName, 'A request for just this that others have approved; repeat for several')
            [CompletionResult]::new('--approval', '--approval', [CompletionResultType]::ParameterName, 'An approval of one of those requests; repeat for each')
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
        'quorate;key;mark-exposed' {
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
        'quorate;key;rebuild-inventory' {
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
            [CompletionResult]::new('alias', 'alias', [CompletionResultType]::ParameterValue, 'Gives a key a second id, for shares that are imported anew; all its servers sign it')
            [CompletionResult]::new('locks', 'locks', [CompletionResultType]::ParameterValue, 'Lists whom the servers of a key do not work with, and why')
            [CompletionResult]::new('unlock', 'unlock', [CompletionResultType]::ParameterValue, 'Has the servers of a key work again with a server that misbehaved')
            [CompletionResult]::new('mark-exposed', 'mark-exposed', [CompletionResultType]::ParameterValue, 'Tells the servers that a key was recovered somewhere: they sign with it no more')
            [CompletionResult]::new('rebuild-inventory', 'rebuild-inventory', [CompletionResultType]::ParameterValue, 'Writes lost key cards into the workspace again, from shards')
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
        'quorate;key;help;alias' {
            break
        }
        'quorate;key;help;locks' {
            break
        }
        'quorate;key;help;unlock' {
            break
        }
        'quorate;key;help;mark-exposed' {
            break
        }
        'quorate;key;help;rebuild-inventory' {
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
            [CompletionResult]::new('--requester', '--requester', [CompletionResultType]::ParameterName, 'The identity of whoever asks')
            [CompletionResult]::new('--request', '--request', [CompletionResultType]::ParameterName, 'A request for just this that others have approved; repeat for several')
            [CompletionResult]::new('--approval', '--approval', [CompletionResultType]::ParameterName, 'An approval of one of those requests; repeat for each')
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
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Shows what nodes hold, in their own signed words: shares, aux, primes, open shares, log head')
            [CompletionResult]::new('card', 'card', [CompletionResultType]::ParameterValue, 'Prints a node''s public, self-signed card')
            [CompletionResult]::new('pin', 'pin', [CompletionResultType]::ParameterValue, 'Pins a node set on a machine without nodes, after one comparison of its words')
            [CompletionResult]::new('confirm', 'confirm', [CompletionResultType]::ParameterValue, 'Confirms the words of a production genesis at a node''s own console')
            [CompletionResult]::new('recipient', 'recipient', [CompletionResultType]::ParameterValue, 'Prints a node''s age recipient with its proof of possession')
            [CompletionResult]::new('replace', 'replace', [CompletionResultType]::ParameterValue, 'Puts a new node in the place of another one, which may be lost')
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
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write the node set, with all that its nodes signed, into one file')
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
        'quorate;node;pin' {
            [CompletionResult]::new('--fingerprint', '--fingerprint', [CompletionResultType]::ParameterName, 'The words (or the hex digits) that the operator read to you; else they are asked about')
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
        'quorate;node;confirm' {
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'The node whose console this is')
            [CompletionResult]::new('--adoption', '--adoption', [CompletionResultType]::ParameterName, 'The signature of a person in it; repeat for each')
            [CompletionResult]::new('--fingerprint', '--fingerprint', [CompletionResultType]::ParameterName, 'The words (or the hex digits) as the others read them to you; else you are asked')
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
        'quorate;node;recipient' {
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
        'quorate;node;replace' {
            [CompletionResult]::new('--with', '--with', [CompletionResultType]::ParameterName, 'The name of the node that is made')
            [CompletionResult]::new('--requester', '--requester', [CompletionResultType]::ParameterName, 'In production: the identity of whoever asks')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'In production: the request''s new file, for others to approve')
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
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Shows what nodes hold, in their own signed words: shares, aux, primes, open shares, log head')
            [CompletionResult]::new('card', 'card', [CompletionResultType]::ParameterValue, 'Prints a node''s public, self-signed card')
            [CompletionResult]::new('pin', 'pin', [CompletionResultType]::ParameterValue, 'Pins a node set on a machine without nodes, after one comparison of its words')
            [CompletionResult]::new('confirm', 'confirm', [CompletionResultType]::ParameterValue, 'Confirms the words of a production genesis at a node''s own console')
            [CompletionResult]::new('recipient', 'recipient', [CompletionResultType]::ParameterValue, 'Prints a node''s age recipient with its proof of possession')
            [CompletionResult]::new('replace', 'replace', [CompletionResultType]::ParameterValue, 'Puts a new node in the place of another one, which may be lost')
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
        'quorate;node;help;pin' {
            break
        }
        'quorate;node;help;confirm' {
            break
        }
        'quorate;node;help;recipient' {
            break
        }
        'quorate;node;help;replace' {
            break
        }
        'quorate;node;help;help' {
            break
        }
        'quorate;person' {
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Enrols a person after one comparison of their card''s words')
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Takes a person''s new card, vouched for by the identity it replaces')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'Lists the people of the genesis in force')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'quorate;person;add' {
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'What the person may do; repeat for several')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'For a custodian: the server whose shards the person holds')
            [CompletionResult]::new('--fingerprint', '--fingerprint', [CompletionResultType]::ParameterName, 'The words (or the hex digits) that the person read to you; else they are asked about')
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
        'quorate;person;update' {
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
        'quorate;person;list' {
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
        'quorate;person;help' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Enrols a person after one comparison of their card''s words')
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Takes a person''s new card, vouched for by the identity it replaces')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'Lists the people of the genesis in force')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'quorate;person;help;add' {
            break
        }
        'quorate;person;help;update' {
            break
        }
        'quorate;person;help;list' {
            break
        }
        'quorate;person;help;help' {
            break
        }
        'quorate;policy' {
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Shows people and quorums of the genesis in force, or of a proposal')
            [CompletionResult]::new('propose', 'propose', [CompletionResultType]::ParameterValue, 'Proposes the first genesis of a production set, or a change of it')
            [CompletionResult]::new('adopt', 'adopt', [CompletionResultType]::ParameterValue, 'Signs the first genesis of a production set, or brings a proposal into force')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Says whether a proposal can be adopted, and whose agreement is missing')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'quorate;policy;show' {
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
        'quorate;policy;propose' {
            [CompletionResult]::new('--person', '--person', [CompletionResultType]::ParameterName, 'Somebody to enrol: CARD:ROLE[+ROLE..][:SERVER]; repeat for each')
            [CompletionResult]::new('--update', '--update', [CompletionResultType]::ParameterName, 'The new card of somebody who is enrolled, after a rotation')
            [CompletionResult]::new('--remove', '--remove', [CompletionResultType]::ParameterName, 'Somebody who is to be enrolled no longer')
            [CompletionResult]::new('--quorum', '--quorum', [CompletionResultType]::ParameterName, 'A quorum: OPERATION=COUNT[:ROLE]; repeat for several')
            [CompletionResult]::new('--validity-hours', '--validity-hours', [CompletionResultType]::ParameterName, 'How long requests live at most')
            [CompletionResult]::new('--allow-blind', '--allow-blind', [CompletionResultType]::ParameterName, 'Whether a bare digest may be signed')
            [CompletionResult]::new('--again', '--again', [CompletionResultType]::ParameterName, 'A request of before whose version was begun and has expired: the same version is asked for again')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'The proposal''s new file')
            [CompletionResult]::new('--requester', '--requester', [CompletionResultType]::ParameterName, 'The identity of whoever asks')
            [CompletionResult]::new('--request', '--request', [CompletionResultType]::ParameterName, 'A request for just this that others have approved; repeat for several')
            [CompletionResult]::new('--approval', '--approval', [CompletionResultType]::ParameterName, 'An approval of one of those requests; repeat for each')
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
        'quorate;policy;adopt' {
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'Sign it, as the person of this identity')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'With --identity: the signature''s new file, by convention *.adoption.json')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'With --identity: the words (or the hex digits) of the proposal; else you are asked')
            [CompletionResult]::new('--adoption', '--adoption', [CompletionResultType]::ParameterName, 'The signature of a person in it; repeat for each')
            [CompletionResult]::new('--approval', '--approval', [CompletionResultType]::ParameterName, 'An approval of the change; repeat for each')
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
        'quorate;policy;check' {
            [CompletionResult]::new('--adoption', '--adoption', [CompletionResultType]::ParameterName, 'The signature of a person in a first genesis; repeat for each')
            [CompletionResult]::new('--approval', '--approval', [CompletionResultType]::ParameterName, 'An approval of a change; repeat for each')
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
        'quorate;policy;help' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Shows people and quorums of the genesis in force, or of a proposal')
            [CompletionResult]::new('propose', 'propose', [CompletionResultType]::ParameterValue, 'Proposes the first genesis of a production set, or a change of it')
            [CompletionResult]::new('adopt', 'adopt', [CompletionResultType]::ParameterValue, 'Signs the first genesis of a production set, or brings a proposal into force')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Says whether a proposal can be adopted, and whose agreement is missing')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'quorate;policy;help;show' {
            break
        }
        'quorate;policy;help;propose' {
            break
        }
        'quorate;policy;help;adopt' {
            break
        }
        'quorate;policy;help;check' {
            break
        }
        'quorate;policy;help;help' {
            break
        }
        'quorate;sign' {
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The key''s keyId')
            [CompletionResult]::new('--message-file', '--message-file', [CompletionResultType]::ParameterName, 'The file to sign, whole; - reads standard input')
            [CompletionResult]::new('--message', '--message', [CompletionResultType]::ParameterName, 'The message itself, as UTF-8')
            [CompletionResult]::new('--digest', '--digest', [CompletionResultType]::ParameterName, 'A digest made elsewhere (not for the EdDSA curves)')
            [CompletionResult]::new('--hash', '--hash', [CompletionResultType]::ParameterName, 'How the message is hashed; default: what the curve''s users expect')
            [CompletionResult]::new('--servers', '--servers', [CompletionResultType]::ParameterName, 'The servers that sign, exactly as many as the threshold; default: chosen')
            [CompletionResult]::new('--shard', '--shard', [CompletionResultType]::ParameterName, 'A shard for this one signature; repeat, as many as the threshold')
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'The identity that opens the shard; one for each --shard, in the same order')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The signature''s form; DER and r||s are for ECDSA, where DER is usual; json prints the whole result')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write the signature''s bytes to a new file; - is standard output')
            [CompletionResult]::new('--requester', '--requester', [CompletionResultType]::ParameterName, 'The identity of whoever asks')
            [CompletionResult]::new('--request', '--request', [CompletionResultType]::ParameterName, 'A request for just this that others have approved; repeat for several')
            [CompletionResult]::new('--approval', '--approval', [CompletionResultType]::ParameterName, 'An approval of one of those requests; repeat for each')
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
            [CompletionResult]::new('grant', 'grant', [CompletionResultType]::ParameterValue, 'Agrees to a request and encrypts this shard''s share for it, once')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Signs a request with the grants of its custodians')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'quorate;sign;grant' {
            [CompletionResult]::new('--shard', '--shard', [CompletionResultType]::ParameterName, 'The shard')
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'The identity that opens it')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'The grant''s new file, by convention *.grant.json')
            [CompletionResult]::new('--qr', '--qr', [CompletionResultType]::ParameterName, 'Also draw the grant as one QR code into a new file: .svg or .png (Schnorr curves only)')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'The request''s words (or the hex digits), heard over another channel; else every field is asked about')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--allow-blind', '--allow-blind', [CompletionResultType]::ParameterName, 'Agree to a bare digest, whose message nobody sees')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'quorate;sign;run' {
            [CompletionResult]::new('--grant', '--grant', [CompletionResultType]::ParameterName, 'A custodian''s grant, or a picture of its QR code; repeat, as many as the threshold')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The signature''s form; DER and r||s are for ECDSA, where DER is usual; json prints the whole result')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write the signature''s bytes to a new file; - is standard output')
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
        'quorate;sign;help' {
            [CompletionResult]::new('grant', 'grant', [CompletionResultType]::ParameterValue, 'Agrees to a request and encrypts this shard''s share for it, once')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Signs a request with the grants of its custodians')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'quorate;sign;help;grant' {
            break
        }
        'quorate;sign;help;run' {
            break
        }
        'quorate;sign;help;help' {
            break
        }
        'quorate;request' {
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Makes a request')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Shows a request: what would be done, its words, who must grant it')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Says what each approval of a request is worth, and who is missing')
            [CompletionResult]::new('renew', 'renew', [CompletionResultType]::ParameterValue, 'Makes new one-time recipients for a request whose run failed')
            [CompletionResult]::new('cancel', 'cancel', [CompletionResultType]::ParameterValue, 'Gives a request up: its servers never carry it out, and destroy what waits for grants')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'quorate;request;new' {
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Makes a signing request for custodians whose shards are on other machines')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Makes a request to export one server''s share to its custodian')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Makes a request to put a share back on its server, to stay')
            [CompletionResult]::new('recover', 'recover', [CompletionResultType]::ParameterValue, 'Makes a request to recover a private key, from the servers or from shards')
            [CompletionResult]::new('release', 'release', [CompletionResultType]::ParameterValue, 'Makes a request to delete what a server gave out without its custodian''s receipt')
            [CompletionResult]::new('unlock', 'unlock', [CompletionResultType]::ParameterValue, 'Makes a request to lift the lock on a server that misbehaved')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'quorate;request;new;sign' {
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The key''s keyId')
            [CompletionResult]::new('--message-file', '--message-file', [CompletionResultType]::ParameterName, 'The file to sign, whole; - reads standard input')
            [CompletionResult]::new('--message', '--message', [CompletionResultType]::ParameterName, 'The message itself, as UTF-8')
            [CompletionResult]::new('--digest', '--digest', [CompletionResultType]::ParameterName, 'A digest made elsewhere (not for the EdDSA curves)')
            [CompletionResult]::new('--hash', '--hash', [CompletionResultType]::ParameterName, 'How the message is hashed; default: what the curve''s users expect')
            [CompletionResult]::new('--servers', '--servers', [CompletionResultType]::ParameterName, 'The servers that sign, exactly as many as the threshold; default: chosen')
            [CompletionResult]::new('--valid-hours', '--valid-hours', [CompletionResultType]::ParameterName, 'How long the request is valid; default: as long as the policy allows')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'The request''s new file, by convention *.request.json')
            [CompletionResult]::new('--requester', '--requester', [CompletionResultType]::ParameterName, 'In production: the identity of whoever asks')
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
        'quorate;request;new;export' {
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The key''s keyId')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'The server whose share leaves')
            [CompletionResult]::new('--requester', '--requester', [CompletionResultType]::ParameterName, 'In production: the identity of whoever asks')
            [CompletionResult]::new('--valid-hours', '--valid-hours', [CompletionResultType]::ParameterName, 'How long the request is valid; default: as long as the policy allows')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'The request''s new file, by convention *.request.json')
            [CompletionResult]::new('--qr', '--qr', [CompletionResultType]::ParameterName, 'Also draw the request as one QR code into a new file: .svg or .png')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--delete', '--delete', [CompletionResultType]::ParameterName, 'The server deletes, once its custodian''s receipt is there')
            [CompletionResult]::new('--aux', '--aux', [CompletionResultType]::ParameterName, 'Only aux, renewed for a share that left before')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'quorate;request;new;import' {
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'The server that it is for')
            [CompletionResult]::new('--requester', '--requester', [CompletionResultType]::ParameterName, 'In production: the identity of whoever asks')
            [CompletionResult]::new('--valid-hours', '--valid-hours', [CompletionResultType]::ParameterName, 'How long the request is valid; default: as long as the policy allows')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'The request''s new file, by convention *.request.json')
            [CompletionResult]::new('--qr', '--qr', [CompletionResultType]::ParameterName, 'Also draw the request as one QR code into a new file: .svg or .png')
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
        'quorate;request;new;recover' {
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The key''s keyId')
            [CompletionResult]::new('--servers', '--servers', [CompletionResultType]::ParameterName, 'The servers that give their shares, exactly as many as the threshold; default: the first of the roster')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'The enrolled person on whose device the key is put together')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why, for everybody''s logs')
            [CompletionResult]::new('--requester', '--requester', [CompletionResultType]::ParameterName, 'In production: the identity of whoever asks')
            [CompletionResult]::new('--valid-hours', '--valid-hours', [CompletionResultType]::ParameterName, 'How long the request is valid; default: as long as the policy allows')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'The request''s new file, by convention *.request.json')
            [CompletionResult]::new('--qr', '--qr', [CompletionResultType]::ParameterName, 'Also draw the request as one QR code into a new file: .svg or .png')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'From shards, with `recover --offline`: no server is asked')
            [CompletionResult]::new('--delete-after-recover', '--delete-after-recover', [CompletionResultType]::ParameterName, 'The servers delete their shares once that device has signed a receipt')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'quorate;request;new;release' {
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The key''s keyId')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'The server that is to delete what it exported last')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why there is no receipt, for everybody''s logs')
            [CompletionResult]::new('--requester', '--requester', [CompletionResultType]::ParameterName, 'In production: the identity of whoever asks')
            [CompletionResult]::new('--valid-hours', '--valid-hours', [CompletionResultType]::ParameterName, 'How long the request is valid; default: as long as the policy allows')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'The request''s new file, by convention *.request.json')
            [CompletionResult]::new('--qr', '--qr', [CompletionResultType]::ParameterName, 'Also draw the request as one QR code into a new file: .svg or .png')
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
        'quorate;request;new;unlock' {
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The key''s keyId')
            [CompletionResult]::new('--culprit', '--culprit', [CompletionResultType]::ParameterName, 'The server that was found to misbehave')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why it may take part again, for everybody''s logs')
            [CompletionResult]::new('--requester', '--requester', [CompletionResultType]::ParameterName, 'In production: the identity of whoever asks')
            [CompletionResult]::new('--valid-hours', '--valid-hours', [CompletionResultType]::ParameterName, 'How long the request is valid; default: as long as the policy allows')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'The request''s new file, by convention *.request.json')
            [CompletionResult]::new('--qr', '--qr', [CompletionResultType]::ParameterName, 'Also draw the request as one QR code into a new file: .svg or .png')
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
        'quorate;request;new;help' {
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Makes a signing request for custodians whose shards are on other machines')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Makes a request to export one server''s share to its custodian')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Makes a request to put a share back on its server, to stay')
            [CompletionResult]::new('recover', 'recover', [CompletionResultType]::ParameterValue, 'Makes a request to recover a private key, from the servers or from shards')
            [CompletionResult]::new('release', 'release', [CompletionResultType]::ParameterValue, 'Makes a request to delete what a server gave out without its custodian''s receipt')
            [CompletionResult]::new('unlock', 'unlock', [CompletionResultType]::ParameterValue, 'Makes a request to lift the lock on a server that misbehaved')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'quorate;request;new;help;sign' {
            break
        }
        'quorate;request;new;help;export' {
            break
        }
        'quorate;request;new;help;import' {
            break
        }
        'quorate;request;new;help;recover' {
            break
        }
        'quorate;request;new;help;release' {
            break
        }
        'quorate;request;new;help;unlock' {
            break
        }
        'quorate;request;new;help;help' {
            break
        }
        'quorate;request;show' {
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
        'quorate;request;status' {
            [CompletionResult]::new('--approval', '--approval', [CompletionResultType]::ParameterName, 'An approval; repeat for each')
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
        'quorate;request;renew' {
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'The new file')
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
        'quorate;request;cancel' {
            [CompletionResult]::new('--operation', '--operation', [CompletionResultType]::ParameterName, 'The operation''s id, where the request''s file is lost; `quorate doctor` names it')
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
        'quorate;request;help' {
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Makes a request')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Shows a request: what would be done, its words, who must grant it')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Says what each approval of a request is worth, and who is missing')
            [CompletionResult]::new('renew', 'renew', [CompletionResultType]::ParameterValue, 'Makes new one-time recipients for a request whose run failed')
            [CompletionResult]::new('cancel', 'cancel', [CompletionResultType]::ParameterValue, 'Gives a request up: its servers never carry it out, and destroy what waits for grants')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'quorate;request;help;new' {
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Makes a signing request for custodians whose shards are on other machines')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Makes a request to export one server''s share to its custodian')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Makes a request to put a share back on its server, to stay')
            [CompletionResult]::new('recover', 'recover', [CompletionResultType]::ParameterValue, 'Makes a request to recover a private key, from the servers or from shards')
            [CompletionResult]::new('release', 'release', [CompletionResultType]::ParameterValue, 'Makes a request to delete what a server gave out without its custodian''s receipt')
            [CompletionResult]::new('unlock', 'unlock', [CompletionResultType]::ParameterValue, 'Makes a request to lift the lock on a server that misbehaved')
            break
        }
        'quorate;request;help;new;sign' {
            break
        }
        'quorate;request;help;new;export' {
            break
        }
        'quorate;request;help;new;import' {
            break
        }
        'quorate;request;help;new;recover' {
            break
        }
        'quorate;request;help;new;release' {
            break
        }
        'quorate;request;help;new;unlock' {
            break
        }
        'quorate;request;help;show' {
            break
        }
        'quorate;request;help;status' {
            break
        }
        'quorate;request;help;renew' {
            break
        }
        'quorate;request;help;cancel' {
            break
        }
        'quorate;request;help;help' {
            break
        }
        'quorate;approve' {
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'Your identity')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'The approval''s new file, by convention *.approval.json')
            [CompletionResult]::new('--qr', '--qr', [CompletionResultType]::ParameterName, 'Also draw the approval as one QR code into a new file: .svg or .png')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'The words (or the hex digits) of the request, as its requester read them to you; else you are asked')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--allow-blind', '--allow-blind', [CompletionResultType]::ParameterName, 'Agree to a signature over a bare digest, of which nobody sees what it stands for')
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
        'quorate;custodian' {
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('keygen', 'keygen', [CompletionResultType]::ParameterValue, 'Makes an identity on this machine: a file under a passphrase, and a public card beside it')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Shows the public parts of an identity file; asks for no passphrase')
            [CompletionResult]::new('card', 'card', [CompletionResultType]::ParameterValue, 'Writes the public card of an identity again, if the first one was lost')
            [CompletionResult]::new('passphrase', 'passphrase', [CompletionResultType]::ParameterValue, 'Changes the passphrase of an identity file; the old file stands until the new one was opened')
            [CompletionResult]::new('unlock-check', 'unlock-check', [CompletionResultType]::ParameterValue, 'Opens an identity with its passphrase, checks that its keys are the ones it names, and forgets them')
            [CompletionResult]::new('challenge', 'challenge', [CompletionResultType]::ParameterValue, 'Makes a challenge that only the holder of a card''s secrets can answer')
            [CompletionResult]::new('prove', 'prove', [CompletionResultType]::ParameterValue, 'Answers a challenge: decrypts what was sealed to this identity, and signs')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Checks a person''s card, and a proof that its holder has both secrets now')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'quorate;custodian;keygen' {
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'The person''s name')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'The identity file to make; the card NAME.card.json goes beside it')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Keep the secret key of a file that age-keygen wrote; - reads standard input')
            [CompletionResult]::new('--replaces', '--replaces', [CompletionResultType]::ParameterName, 'The identity that this one replaces; its card is sought beside it')
            [CompletionResult]::new('--kdf', '--kdf', [CompletionResultType]::ParameterName, 'What Argon2id costs; else default, or what the file costs already')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--generate-passphrase', '--generate-passphrase', [CompletionResultType]::ParameterName, 'Draw the passphrase: seven random words, shown once')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'quorate;custodian;show' {
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
        'quorate;custodian;card' {
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'The card to make; default: NAME.card.json beside the identity')
            [CompletionResult]::new('--replaces', '--replaces', [CompletionResultType]::ParameterName, 'The older identity that vouches for this one; its card is sought beside it')
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
        'quorate;custodian;passphrase' {
            [CompletionResult]::new('--kdf', '--kdf', [CompletionResultType]::ParameterName, 'What Argon2id costs; else default, or what the file costs already')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--generate-passphrase', '--generate-passphrase', [CompletionResultType]::ParameterName, 'Draw the passphrase: seven random words, shown once')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'quorate;custodian;unlock-check' {
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
        'quorate;custodian;challenge' {
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'The challenge to make; keep your own copy of it for the verification')
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
        'quorate;custodian;prove' {
            [CompletionResult]::new('--challenge', '--challenge', [CompletionResultType]::ParameterName, 'The challenge you were given')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'The proof to make')
            [CompletionResult]::new('--card', '--card', [CompletionResultType]::ParameterName, 'Your card; default: NAME.card.json beside the identity')
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
        'quorate;custodian;verify' {
            [CompletionResult]::new('--challenge', '--challenge', [CompletionResultType]::ParameterName, 'Your own copy of the challenge')
            [CompletionResult]::new('--proof', '--proof', [CompletionResultType]::ParameterName, 'The proof you were given')
            [CompletionResult]::new('--replaces', '--replaces', [CompletionResultType]::ParameterName, 'The card that this one replaces')
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
        'quorate;custodian;help' {
            [CompletionResult]::new('keygen', 'keygen', [CompletionResultType]::ParameterValue, 'Makes an identity on this machine: a file under a passphrase, and a public card beside it')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Shows the public parts of an identity file; asks for no passphrase')
            [CompletionResult]::new('card', 'card', [CompletionResultType]::ParameterValue, 'Writes the public card of an identity again, if the first one was lost')
            [CompletionResult]::new('passphrase', 'passphrase', [CompletionResultType]::ParameterValue, 'Changes the passphrase of an identity file; the old file stands until the new one was opened')
            [CompletionResult]::new('unlock-check', 'unlock-check', [CompletionResultType]::ParameterValue, 'Opens an identity with its passphrase, checks that its keys are the ones it names, and forgets them')
            [CompletionResult]::new('challenge', 'challenge', [CompletionResultType]::ParameterValue, 'Makes a challenge that only the holder of a card''s secrets can answer')
            [CompletionResult]::new('prove', 'prove', [CompletionResultType]::ParameterValue, 'Answers a challenge: decrypts what was sealed to this identity, and signs')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Checks a person''s card, and a proof that its holder has both secrets now')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'quorate;custodian;help;keygen' {
            break
        }
        'quorate;custodian;help;show' {
            break
        }
        'quorate;custodian;help;card' {
            break
        }
        'quorate;custodian;help;passphrase' {
            break
        }
        'quorate;custodian;help;unlock-check' {
            break
        }
        'quorate;custodian;help;challenge' {
            break
        }
        'quorate;custodian;help;prove' {
            break
        }
        'quorate;custodian;help;verify' {
            break
        }
        'quorate;custodian;help;help' {
            break
        }
        'quorate;guardian' {
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('split', 'split', [CompletionResultType]::ParameterValue, 'Splits an identity among guardians and rehearses every combination that must restore it')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Checks a guardian''s share alone against its commitment, and notes in the set that it was read back')
            [CompletionResult]::new('scan', 'scan', [CompletionResultType]::ParameterValue, 'Reads sheets from photos or scans (PNG, JPEG, PDF) and says which shares they are')
            [CompletionResult]::new('combine', 'combine', [CompletionResultType]::ParameterValue, 'Restores an identity from enough guardians'' shares and puts it under a new passphrase at once')
            [CompletionResult]::new('recreate', 'recreate', [CompletionResultType]::ParameterValue, 'Makes the identical share of one guardian again, from enough of the others')
            [CompletionResult]::new('replace', 'replace', [CompletionResultType]::ParameterValue, 'Makes a new identity with new guardians in the place of an old one')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'quorate;guardian;split' {
            [CompletionResult]::new('--guardians', '--guardians', [CompletionResultType]::ParameterName, 'The guardians, one share each (2 to 16)')
            [CompletionResult]::new('--threshold', '--threshold', [CompletionResultType]::ParameterName, 'How many of them restore the identity; default: more than half (3 of 5)')
            [CompletionResult]::new('--out-dir', '--out-dir', [CompletionResultType]::ParameterName, 'Write the sheets into this directory; take one in memory, such as /dev/shm/shares')
            [CompletionResult]::new('--print-to', '--print-to', [CompletionResultType]::ParameterName, 'Feed one sheet at a time (PDF on standard input) to this printer command, guardian by guardian')
            [CompletionResult]::new('--paper', '--paper', [CompletionResultType]::ParameterName, 'The paper in the printer')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'The guardian set to write; default: guardian-set.json in --out-dir, else beside the identity')
            [CompletionResult]::new('--recipient', '--recipient', [CompletionResultType]::ParameterName, 'Encrypt this guardian''s share to the guardian''s own age recipient, as NAME.share.age, instead of paper')
            [CompletionResult]::new('--share-passphrase', '--share-passphrase', [CompletionResultType]::ParameterName, 'Encrypt this guardian''s share under a passphrase of the guardian''s, as NAME.share.age, instead of paper')
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
        'quorate;guardian;check' {
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'Opens a NAME.share.age: the guardian''s identity file, or an age key file')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'The guardian set')
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
        'quorate;guardian;scan' {
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'The guardian set, to tell whose shares they are')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write the words of the one share found into this file')
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
        'quorate;guardian;combine' {
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'Opens a NAME.share.age: the guardian''s identity file, or an age key file')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'The guardian set: each share is checked to the bit')
            [CompletionResult]::new('--card', '--card', [CompletionResultType]::ParameterName, 'The person''s card, if the set is lost; beside --set, the two must agree')
            [CompletionResult]::new('--recipient', '--recipient', [CompletionResultType]::ParameterName, 'The age1... printed on the sheets, if both are lost')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'The person, with --recipient')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'The identity file to make')
            [CompletionResult]::new('--kdf', '--kdf', [CompletionResultType]::ParameterName, 'What Argon2id costs; else default, or what the file costs already')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How the shares were made')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--generate-passphrase', '--generate-passphrase', [CompletionResultType]::ParameterName, 'Draw the passphrase: seven random words, shown once')
            [CompletionResult]::new('--show', '--show', [CompletionResultType]::ParameterName, 'Show AGE-SECRET-KEY-1... on the terminal, after a typed confirmation')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'quorate;guardian;recreate' {
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'Opens a NAME.share.age: the guardian''s identity file, or an age key file')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'The guardian set')
            [CompletionResult]::new('--out-dir', '--out-dir', [CompletionResultType]::ParameterName, 'Write the sheets into this directory; take one in memory, such as /dev/shm/shares')
            [CompletionResult]::new('--print-to', '--print-to', [CompletionResultType]::ParameterName, 'Feed one sheet at a time (PDF on standard input) to this printer command, guardian by guardian')
            [CompletionResult]::new('--paper', '--paper', [CompletionResultType]::ParameterName, 'The paper in the printer')
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
        'quorate;guardian;replace' {
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'The new identity file to make; its card goes beside it')
            [CompletionResult]::new('--guardians', '--guardians', [CompletionResultType]::ParameterName, 'The guardians, one share each (2 to 16)')
            [CompletionResult]::new('--threshold', '--threshold', [CompletionResultType]::ParameterName, 'How many of them restore the identity; default: more than half (3 of 5)')
            [CompletionResult]::new('--out-dir', '--out-dir', [CompletionResultType]::ParameterName, 'Write the sheets into this directory; take one in memory, such as /dev/shm/shares')
            [CompletionResult]::new('--print-to', '--print-to', [CompletionResultType]::ParameterName, 'Feed one sheet at a time (PDF on standard input) to this printer command, guardian by guardian')
            [CompletionResult]::new('--paper', '--paper', [CompletionResultType]::ParameterName, 'The paper in the printer')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'The guardian set to write; default: guardian-set.json in --out-dir, else beside the identity')
            [CompletionResult]::new('--recipient', '--recipient', [CompletionResultType]::ParameterName, 'Encrypt this guardian''s share to the guardian''s own age recipient, as NAME.share.age, instead of paper')
            [CompletionResult]::new('--share-passphrase', '--share-passphrase', [CompletionResultType]::ParameterName, 'Encrypt this guardian''s share under a passphrase of the guardian''s, as NAME.share.age, instead of paper')
            [CompletionResult]::new('--kdf', '--kdf', [CompletionResultType]::ParameterName, 'What Argon2id costs; else default, or what the file costs already')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--same-identity', '--same-identity', [CompletionResultType]::ParameterName, 'Keep the identity and only make a new set: old sheets stay valid')
            [CompletionResult]::new('--generate-passphrase', '--generate-passphrase', [CompletionResultType]::ParameterName, 'Draw the passphrase: seven random words, shown once')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'quorate;guardian;help' {
            [CompletionResult]::new('split', 'split', [CompletionResultType]::ParameterValue, 'Splits an identity among guardians and rehearses every combination that must restore it')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Checks a guardian''s share alone against its commitment, and notes in the set that it was read back')
            [CompletionResult]::new('scan', 'scan', [CompletionResultType]::ParameterValue, 'Reads sheets from photos or scans (PNG, JPEG, PDF) and says which shares they are')
            [CompletionResult]::new('combine', 'combine', [CompletionResultType]::ParameterValue, 'Restores an identity from enough guardians'' shares and puts it under a new passphrase at once')
            [CompletionResult]::new('recreate', 'recreate', [CompletionResultType]::ParameterValue, 'Makes the identical share of one guardian again, from enough of the others')
            [CompletionResult]::new('replace', 'replace', [CompletionResultType]::ParameterValue, 'Makes a new identity with new guardians in the place of an old one')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'quorate;guardian;help;split' {
            break
        }
        'quorate;guardian;help;check' {
            break
        }
        'quorate;guardian;help;scan' {
            break
        }
        'quorate;guardian;help;combine' {
            break
        }
        'quorate;guardian;help;recreate' {
            break
        }
        'quorate;guardian;help;replace' {
            break
        }
        'quorate;guardian;help;help' {
            break
        }
        'quorate;share' {
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Gives shares to their custodians, encrypted; with --delete the nodes delete against receipts')
            [CompletionResult]::new('receive', 'receive', [CompletionResultType]::ParameterValue, 'Takes a shard in: copies it to your own medium, opens it there, and signs the receipt')
            [CompletionResult]::new('release', 'release', [CompletionResultType]::ParameterValue, 'Has servers delete the shares that their custodians have signed for')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Puts a share back on its server to stay; no identity is needed here')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Shows what a shard is, and says what of it was checked')
            [CompletionResult]::new('rewrap', 'rewrap', [CompletionResultType]::ParameterValue, 'Encrypts shards again on this machine: for your new identity, a successor, or a node')
            [CompletionResult]::new('destroy-old', 'destroy-old', [CompletionResultType]::ParameterValue, 'Destroys a shard that was replaced, after its replacement was seen to hold the same share')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'Lists where copies of shares are, and which quorums they make')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'quorate;share;export' {
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The key''s keyId')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'The servers whose shares leave')
            [CompletionResult]::new('--out-dir', '--out-dir', [CompletionResultType]::ParameterName, 'Where the shards are written')
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'An identity on this machine: its shard is received and released at once; repeat for several')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'With --identity: where the custodians'' copies go; default: they stay in --out-dir')
            [CompletionResult]::new('--requester', '--requester', [CompletionResultType]::ParameterName, 'The identity of whoever asks')
            [CompletionResult]::new('--request', '--request', [CompletionResultType]::ParameterName, 'A request for just this that others have approved; repeat for several')
            [CompletionResult]::new('--approval', '--approval', [CompletionResultType]::ParameterName, 'An approval of one of those requests; repeat for each')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'All servers that hold the key')
            [CompletionResult]::new('--delete', '--delete', [CompletionResultType]::ParameterName, 'The servers delete, once their custodians'' receipts are there')
            [CompletionResult]::new('--aux', '--aux', [CompletionResultType]::ParameterName, 'Only aux, renewed for shares that left before')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'quorate;share;receive' {
            [CompletionResult]::new('--aux', '--aux', [CompletionResultType]::ParameterName, 'Renewed aux that was sent to you, in place of a shard')
            [CompletionResult]::new('--shard', '--shard', [CompletionResultType]::ParameterName, 'With --aux: the shard you hold; it stays as it is')
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'Your identity file')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Directory on the medium you keep; made if it is missing')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'The receipt to write, for whoever sent the shard')
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
        'quorate;share;release' {
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The key''s keyId')
            [CompletionResult]::new('--receipt', '--receipt', [CompletionResultType]::ParameterName, 'A custodian''s receipt; repeat for several')
            [CompletionResult]::new('--no-receipt', '--no-receipt', [CompletionResultType]::ParameterName, 'Without any: this server deletes what it gave out last, though nobody has signed for it')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'With --no-receipt: why, for everybody''s logs; a request that is given has it')
            [CompletionResult]::new('--requester', '--requester', [CompletionResultType]::ParameterName, 'The identity of whoever asks')
            [CompletionResult]::new('--request', '--request', [CompletionResultType]::ParameterName, 'A request for just this that others have approved; repeat for several')
            [CompletionResult]::new('--approval', '--approval', [CompletionResultType]::ParameterName, 'An approval of one of those requests; repeat for each')
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
        'quorate;share;import' {
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'The server that it is for')
            [CompletionResult]::new('--as-new', '--as-new', [CompletionResultType]::ParameterName, 'Import it under this other id of the key, which `key alias` made')
            [CompletionResult]::new('--requester', '--requester', [CompletionResultType]::ParameterName, 'The identity of whoever asks')
            [CompletionResult]::new('--request', '--request', [CompletionResultType]::ParameterName, 'A request for just this that others have approved; repeat for several')
            [CompletionResult]::new('--approval', '--approval', [CompletionResultType]::ParameterName, 'An approval of one of those requests; repeat for each')
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
        'quorate;share;inspect' {
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'Open it with this identity, and check everything')
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
        'quorate;share;rewrap' {
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'The identity that opens them now')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'A person''s card, or your own new identity file')
            [CompletionResult]::new('--out-dir', '--out-dir', [CompletionResultType]::ParameterName, 'Where the new shards go; made if it is missing')
            [CompletionResult]::new('--replaces', '--replaces', [CompletionResultType]::ParameterName, 'Your own card that the new card replaces; default: the enrolled one, or that beside --identity')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'The words of a card that is not enrolled, or with --to-node of the pinned node set; else you are asked')
            [CompletionResult]::new('--to-node', '--to-node', [CompletionResultType]::ParameterName, 'The node that holds the index, which is to keep the share')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'With --to-node: the import file to write')
            [CompletionResult]::new('--valid-hours', '--valid-hours', [CompletionResultType]::ParameterName, 'With --to-node: for how many hours the node takes it')
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
        'quorate;share;destroy-old' {
            [CompletionResult]::new('--replaced-by', '--replaced-by', [CompletionResultType]::ParameterName, 'The shard that replaced it; it is opened first')
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'The identity that opens --replaced-by')
            [CompletionResult]::new('--receipt', '--receipt', [CompletionResultType]::ParameterName, 'The new holder''s receipt for the shard that this home wrapped for them')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'The words of the file to destroy (or its SHA-256); else you are asked')
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
        'quorate;share;list' {
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
        'quorate;share;help' {
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Gives shares to their custodians, encrypted; with --delete the nodes delete against receipts')
            [CompletionResult]::new('receive', 'receive', [CompletionResultType]::ParameterValue, 'Takes a shard in: copies it to your own medium, opens it there, and signs the receipt')
            [CompletionResult]::new('release', 'release', [CompletionResultType]::ParameterValue, 'Has servers delete the shares that their custodians have signed for')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Puts a share back on its server to stay; no identity is needed here')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Shows what a shard is, and says what of it was checked')
            [CompletionResult]::new('rewrap', 'rewrap', [CompletionResultType]::ParameterValue, 'Encrypts shards again on this machine: for your new identity, a successor, or a node')
            [CompletionResult]::new('destroy-old', 'destroy-old', [CompletionResultType]::ParameterValue, 'Destroys a shard that was replaced, after its replacement was seen to hold the same share')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'Lists where copies of shares are, and which quorums they make')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'quorate;share;help;export' {
            break
        }
        'quorate;share;help;receive' {
            break
        }
        'quorate;share;help;release' {
            break
        }
        'quorate;share;help;import' {
            break
        }
        'quorate;share;help;inspect' {
            break
        }
        'quorate;share;help;rewrap' {
            break
        }
        'quorate;share;help;destroy-old' {
            break
        }
        'quorate;share;help;list' {
            break
        }
        'quorate;share;help;help' {
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
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Checks logs, receipts and key cards against each other; needs public keys only')
            [CompletionResult]::new('head', 'head', [CompletionResultType]::ParameterValue, 'Shows where each log stands, to be written down or sent to the auditor')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Writes one file for an outside auditor: all logs, the genesis, key cards, receipts; no secret')
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
        'quorate;audit;verify' {
            [CompletionResult]::new('--head', '--head', [CompletionResultType]::ParameterName, 'Where a log stood, as `audit head` printed it once (hash in hex digits or words); repeatable')
            [CompletionResult]::new('--genesis', '--genesis', [CompletionResultType]::ParameterName, 'The words (or hex digits) of a version of the genesis, as its people know them')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--no-nodes', '--no-nodes', [CompletionResultType]::ParameterName, 'The bundle is of a home without nodes: their logs are elsewhere')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'quorate;audit;head' {
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
        'quorate;audit;export' {
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'The file to write; nothing is overwritten')
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
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Checks logs, receipts and key cards against each other; needs public keys only')
            [CompletionResult]::new('head', 'head', [CompletionResultType]::ParameterValue, 'Shows where each log stands, to be written down or sent to the auditor')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Writes one file for an outside auditor: all logs, the genesis, key cards, receipts; no secret')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'quorate;audit;help;show' {
            break
        }
        'quorate;audit;help;verify' {
            break
        }
        'quorate;audit;help;head' {
            break
        }
        'quorate;audit;help;export' {
            break
        }
        'quorate;audit;help;help' {
            break
        }
        'quorate;doctor' {
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'The words (or the hex digits) of a version of the genesis that nodes signed and this workspace has no record of')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--fix', '--fix', [CompletionResultType]::ParameterName, 'Finish or undo what needs nobody else')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'quorate;recover' {
            [CompletionResult]::new('--combine', '--combine', [CompletionResultType]::ParameterName, 'From what servers sealed for you (.recovery.json), on your own device')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'From servers that hold their shares: the key''s keyId')
            [CompletionResult]::new('--owner', '--owner', [CompletionResultType]::ParameterName, 'With --key in rehearsal: the enrolled person whose device makes the key whole')
            [CompletionResult]::new('--servers', '--servers', [CompletionResultType]::ParameterName, 'With --key in rehearsal: exactly t servers; default: the first that hold a share')
            [CompletionResult]::new('--out-dir', '--out-dir', [CompletionResultType]::ParameterName, 'Where the servers'' sealed shares go, if nothing is combined here')
            [CompletionResult]::new('--receipts', '--receipts', [CompletionResultType]::ParameterName, 'Where the device''s receipts for the servers go')
            [CompletionResult]::new('--shard', '--shard', [CompletionResultType]::ParameterName, 'A shard; repeat for at least t of the same key and epoch')
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'An identity that opens one of the shards, or what servers sealed; repeat, in the order of their passphrases')
            [CompletionResult]::new('--guardian-share', '--guardian-share', [CompletionResultType]::ParameterName, 'Guardians'' shares that restore an identity in memory: text, photos, scans, age files')
            [CompletionResult]::new('--guardian-identity', '--guardian-identity', [CompletionResultType]::ParameterName, 'Opens a guardian''s encrypted share: their identity file, or an age key file')
            [CompletionResult]::new('--guardian-set', '--guardian-set', [CompletionResultType]::ParameterName, 'The guardian set of those shares: each is checked to the bit, and a damaged one named')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why; it goes into the log and the notice. An approved request has its own')
            [CompletionResult]::new('--requester', '--requester', [CompletionResultType]::ParameterName, 'The identity of whoever asks')
            [CompletionResult]::new('--request', '--request', [CompletionResultType]::ParameterName, 'A request for just this that others have approved; repeat for several')
            [CompletionResult]::new('--approval', '--approval', [CompletionResultType]::ParameterName, 'An approval of one of those requests; repeat for each')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Encrypt the key to this age recipient, or to that of a person''s card')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'The age file to write')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How the key is written; each curve has its own')
            [CompletionResult]::new('--network', '--network', [CompletionResultType]::ParameterName, 'With --format wif: for which network')
            [CompletionResult]::new('--notice', '--notice', [CompletionResultType]::ParameterName, 'The exposure notice to write; default: <keyId>.exposure.json beside --out, or here')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'The words of a card given with --to that is not enrolled; else you are asked')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'The workspace; else the environment''s QUORATE_HOME, else ~/.quorate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Take the passphrase from a file that only you can read; repeat for several, in order')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Take the passphrase from an open file descriptor; repeat for several, in order')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'From shards and identities, on this machine, without any server')
            [CompletionResult]::new('--delete-after-recover', '--delete-after-recover', [CompletionResultType]::ParameterName, 'With --key in rehearsal: the servers delete their shares once that device has signed for them')
            [CompletionResult]::new('--unapproved', '--unapproved', [CompletionResultType]::ParameterName, 'With --offline in production: without the agreement of others, where nobody is left to give it; the log says so')
            [CompletionResult]::new('--reveal', '--reveal', [CompletionResultType]::ParameterName, 'Show the key on this terminal, after a typed confirmation')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object instead of text; errors too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; repeat for more')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
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
            [CompletionResult]::new('person', 'person', [CompletionResultType]::ParameterValue, 'The people whom the nodes know: custodians, approvers and others')
            [CompletionResult]::new('policy', 'policy', [CompletionResultType]::ParameterValue, 'Who decides: people, roles and quorums of the genesis')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Signs a message with any quorum of servers')
            [CompletionResult]::new('request', 'request', [CompletionResultType]::ParameterValue, 'Requests that custodians grant on their own machines')
            [CompletionResult]::new('approve', 'approve', [CompletionResultType]::ParameterValue, 'Agrees to a request, field by field')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Verifies any signature, offline and without a workspace')
            [CompletionResult]::new('custodian', 'custodian', [CompletionResultType]::ParameterValue, 'A custodian''s own identity: an age key and an approval key under one passphrase')
            [CompletionResult]::new('guardian', 'guardian', [CompletionResultType]::ParameterValue, 'Guardians hold an identity''s shares on paper: some of them together restore it, fewer learn nothing')
            [CompletionResult]::new('share', 'share', [CompletionResultType]::ParameterValue, 'Shares outside of nodes: shards that custodians hold, and their way from one to the next')
            [CompletionResult]::new('audit', 'audit', [CompletionResultType]::ParameterValue, 'Signed, hash-chained logs')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Lists operations that stopped half-way, the copies of every share, and what finishes each')
            [CompletionResult]::new('recover', 'recover', [CompletionResultType]::ParameterValue, 'Makes a private key whole from its shares: the last resort, after which the key is exposed')
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
            [CompletionResult]::new('alias', 'alias', [CompletionResultType]::ParameterValue, 'Gives a key a second id, for shares that are imported anew; all its servers sign it')
            [CompletionResult]::new('locks', 'locks', [CompletionResultType]::ParameterValue, 'Lists whom the servers of a key do not work with, and why')
            [CompletionResult]::new('unlock', 'unlock', [CompletionResultType]::ParameterValue, 'Has the servers of a key work again with a server that misbehaved')
            [CompletionResult]::new('mark-exposed', 'mark-exposed', [CompletionResultType]::ParameterValue, 'Tells the servers that a key was recovered somewhere: they sign with it no more')
            [CompletionResult]::new('rebuild-inventory', 'rebuild-inventory', [CompletionResultType]::ParameterValue, 'Writes lost key cards into the workspace again, from shards')
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
        'quorate;help;key;alias' {
            break
        }
        'quorate;help;key;locks' {
            break
        }
        'quorate;help;key;unlock' {
            break
        }
        'quorate;help;key;mark-exposed' {
            break
        }
        'quorate;help;key;rebuild-inventory' {
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
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Shows what nodes hold, in their own signed words: shares, aux, primes, open shares, log head')
            [CompletionResult]::new('card', 'card', [CompletionResultType]::ParameterValue, 'Prints a node''s public, self-signed card')
            [CompletionResult]::new('pin', 'pin', [CompletionResultType]::ParameterValue, 'Pins a node set on a machine without nodes, after one comparison of its words')
            [CompletionResult]::new('confirm', 'confirm', [CompletionResultType]::ParameterValue, 'Confirms the words of a production genesis at a node''s own console')
            [CompletionResult]::new('recipient', 'recipient', [CompletionResultType]::ParameterValue, 'Prints a node''s age recipient with its proof of possession')
            [CompletionResult]::new('replace', 'replace', [CompletionResultType]::ParameterValue, 'Puts a new node in the place of another one, which may be lost')
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
        'quorate;help;node;pin' {
            break
        }
        'quorate;help;node;confirm' {
            break
        }
        'quorate;help;node;recipient' {
            break
        }
        'quorate;help;node;replace' {
            break
        }
        'quorate;help;person' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Enrols a person after one comparison of their card''s words')
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Takes a person''s new card, vouched for by the identity it replaces')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'Lists the people of the genesis in force')
            break
        }
        'quorate;help;person;add' {
            break
        }
        'quorate;help;person;update' {
            break
        }
        'quorate;help;person;list' {
            break
        }
        'quorate;help;policy' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Shows people and quorums of the genesis in force, or of a proposal')
            [CompletionResult]::new('propose', 'propose', [CompletionResultType]::ParameterValue, 'Proposes the first genesis of a production set, or a change of it')
            [CompletionResult]::new('adopt', 'adopt', [CompletionResultType]::ParameterValue, 'Signs the first genesis of a production set, or brings a proposal into force')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Says whether a proposal can be adopted, and whose agreement is missing')
            break
        }
        'quorate;help;policy;show' {
            break
        }
        'quorate;help;policy;propose' {
            break
        }
        'quorate;help;policy;adopt' {
            break
        }
        'quorate;help;policy;check' {
            break
        }
        'quorate;help;sign' {
            [CompletionResult]::new('grant', 'grant', [CompletionResultType]::ParameterValue, 'Agrees to a request and encrypts this shard''s share for it, once')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Signs a request with the grants of its custodians')
            break
        }
        'quorate;help;sign;grant' {
            break
        }
        'quorate;help;sign;run' {
            break
        }
        'quorate;help;request' {
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Makes a request')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Shows a request: what would be done, its words, who must grant it')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Says what each approval of a request is worth, and who is missing')
            [CompletionResult]::new('renew', 'renew', [CompletionResultType]::ParameterValue, 'Makes new one-time recipients for a request whose run failed')
            [CompletionResult]::new('cancel', 'cancel', [CompletionResultType]::ParameterValue, 'Gives a request up: its servers never carry it out, and destroy what waits for grants')
            break
        }
        'quorate;help;request;new' {
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Makes a signing request for custodians whose shards are on other machines')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Makes a request to export one server''s share to its custodian')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Makes a request to put a share back on its server, to stay')
            [CompletionResult]::new('recover', 'recover', [CompletionResultType]::ParameterValue, 'Makes a request to recover a private key, from the servers or from shards')
            [CompletionResult]::new('release', 'release', [CompletionResultType]::ParameterValue, 'Makes a request to delete what a server gave out without its custodian''s receipt')
            [CompletionResult]::new('unlock', 'unlock', [CompletionResultType]::ParameterValue, 'Makes a request to lift the lock on a server that misbehaved')
            break
        }
        'quorate;help;request;new;sign' {
            break
        }
        'quorate;help;request;new;export' {
            break
        }
        'quorate;help;request;new;import' {
            break
        }
        'quorate;help;request;new;recover' {
            break
        }
        'quorate;help;request;new;release' {
            break
        }
        'quorate;help;request;new;unlock' {
            break
        }
        'quorate;help;request;show' {
            break
        }
        'quorate;help;request;status' {
            break
        }
        'quorate;help;request;renew' {
            break
        }
        'quorate;help;request;cancel' {
            break
        }
        'quorate;help;approve' {
            break
        }
        'quorate;help;verify' {
            break
        }
        'quorate;help;custodian' {
            [CompletionResult]::new('keygen', 'keygen', [CompletionResultType]::ParameterValue, 'Makes an identity on this machine: a file under a passphrase, and a public card beside it')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Shows the public parts of an identity file; asks for no passphrase')
            [CompletionResult]::new('card', 'card', [CompletionResultType]::ParameterValue, 'Writes the public card of an identity again, if the first one was lost')
            [CompletionResult]::new('passphrase', 'passphrase', [CompletionResultType]::ParameterValue, 'Changes the passphrase of an identity file; the old file stands until the new one was opened')
            [CompletionResult]::new('unlock-check', 'unlock-check', [CompletionResultType]::ParameterValue, 'Opens an identity with its passphrase, checks that its keys are the ones it names, and forgets them')
            [CompletionResult]::new('challenge', 'challenge', [CompletionResultType]::ParameterValue, 'Makes a challenge that only the holder of a card''s secrets can answer')
            [CompletionResult]::new('prove', 'prove', [CompletionResultType]::ParameterValue, 'Answers a challenge: decrypts what was sealed to this identity, and signs')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Checks a person''s card, and a proof that its holder has both secrets now')
            break
        }
        'quorate;help;custodian;keygen' {
            break
        }
        'quorate;help;custodian;show' {
            break
        }
        'quorate;help;custodian;card' {
            break
        }
        'quorate;help;custodian;passphrase' {
            break
        }
        'quorate;help;custodian;unlock-check' {
            break
        }
        'quorate;help;custodian;challenge' {
            break
        }
        'quorate;help;custodian;prove' {
            break
        }
        'quorate;help;custodian;verify' {
            break
        }
        'quorate;help;guardian' {
            [CompletionResult]::new('split', 'split', [CompletionResultType]::ParameterValue, 'Splits an identity among guardians and rehearses every combination that must restore it')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Checks a guardian''s share alone against its commitment, and notes in the set that it was read back')
            [CompletionResult]::new('scan', 'scan', [CompletionResultType]::ParameterValue, 'Reads sheets from photos or scans (PNG, JPEG, PDF) and says which shares they are')
            [CompletionResult]::new('combine', 'combine', [CompletionResultType]::ParameterValue, 'Restores an identity from enough guardians'' shares and puts it under a new passphrase at once')
            [CompletionResult]::new('recreate', 'recreate', [CompletionResultType]::ParameterValue, 'Makes the identical share of one guardian again, from enough of the others')
            [CompletionResult]::new('replace', 'replace', [CompletionResultType]::ParameterValue, 'Makes a new identity with new guardians in the place of an old one')
            break
        }
        'quorate;help;guardian;split' {
            break
        }
        'quorate;help;guardian;check' {
            break
        }
        'quorate;help;guardian;scan' {
            break
        }
        'quorate;help;guardian;combine' {
            break
        }
        'quorate;help;guardian;recreate' {
            break
        }
        'quorate;help;guardian;replace' {
            break
        }
        'quorate;help;share' {
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Gives shares to their custodians, encrypted; with --delete the nodes delete against receipts')
            [CompletionResult]::new('receive', 'receive', [CompletionResultType]::ParameterValue, 'Takes a shard in: copies it to your own medium, opens it there, and signs the receipt')
            [CompletionResult]::new('release', 'release', [CompletionResultType]::ParameterValue, 'Has servers delete the shares that their custodians have signed for')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Puts a share back on its server to stay; no identity is needed here')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Shows what a shard is, and says what of it was checked')
            [CompletionResult]::new('rewrap', 'rewrap', [CompletionResultType]::ParameterValue, 'Encrypts shards again on this machine: for your new identity, a successor, or a node')
            [CompletionResult]::new('destroy-old', 'destroy-old', [CompletionResultType]::ParameterValue, 'Destroys a shard that was replaced, after its replacement was seen to hold the same share')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'Lists where copies of shares are, and which quorums they make')
            break
        }
        'quorate;help;share;export' {
            break
        }
        'quorate;help;share;receive' {
            break
        }
        'quorate;help;share;release' {
            break
        }
        'quorate;help;share;import' {
            break
        }
        'quorate;help;share;inspect' {
            break
        }
        'quorate;help;share;rewrap' {
            break
        }
        'quorate;help;share;destroy-old' {
            break
        }
        'quorate;help;share;list' {
            break
        }
        'quorate;help;audit' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Shows the end of the audit logs')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Checks logs, receipts and key cards against each other; needs public keys only')
            [CompletionResult]::new('head', 'head', [CompletionResultType]::ParameterValue, 'Shows where each log stands, to be written down or sent to the auditor')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Writes one file for an outside auditor: all logs, the genesis, key cards, receipts; no secret')
            break
        }
        'quorate;help;audit;show' {
            break
        }
        'quorate;help;audit;verify' {
            break
        }
        'quorate;help;audit;head' {
            break
        }
        'quorate;help;audit;export' {
            break
        }
        'quorate;help;doctor' {
            break
        }
        'quorate;help;recover' {
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
