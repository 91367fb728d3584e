# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_quorate_global_optspecs
    string join \n home= json v/verbose passphrase-file= passphrase-fd= no-progress h/help V/version
end

function __fish_quorate_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_quorate_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_quorate_using_subcommand
    set -l cmd (__fish_quorate_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c quorate -n "__fish_quorate_needs_command" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_needs_command" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_needs_command" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_needs_command" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_needs_command" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_needs_command" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_needs_command" -s V -l version -d 'Print version'
complete -c quorate -n "__fish_quorate_needs_command" -f -a "init" -d 'Makes a workspace with its nodes and a rehearsal genesis'
complete -c quorate -n "__fish_quorate_needs_command" -f -a "key" -d 'Threshold keys'
complete -c quorate -n "__fish_quorate_needs_command" -f -a "aux" -d 'Paillier data of ECDSA keys'
complete -c quorate -n "__fish_quorate_needs_command" -f -a "node" -d 'The nodes that hold shares'
complete -c quorate -n "__fish_quorate_needs_command" -f -a "person" -d 'The people whom the nodes know: custodians, approvers and others'
complete -c quorate -n "__fish_quorate_needs_command" -f -a "policy" -d 'Who decides: people, roles and quorums of the genesis'
complete -c quorate -n "__fish_quorate_needs_command" -f -a "sign" -d 'Signs a message with any quorum of servers'
complete -c quorate -n "__fish_quorate_needs_command" -f -a "request" -d 'Requests that custodians grant on their own machines'
complete -c quorate -n "__fish_quorate_needs_command" -f -a "approve" -d 'Agrees to a request, field by field'
complete -c quorate -n "__fish_quorate_needs_command" -f -a "verify" -d 'Verifies any signature, offline and without a workspace'
complete -c quorate -n "__fish_quorate_needs_command" -f -a "custodian" -d 'A custodian\'s own identity: an age key and an approval key under one passphrase'
complete -c quorate -n "__fish_quorate_needs_command" -f -a "guardian" -d 'Guardians hold an identity\'s shares on paper: some of them together restore it, fewer learn nothing'
complete -c quorate -n "__fish_quorate_needs_command" -f -a "share" -d 'Shares outside of nodes: shards that custodians hold, and their way from one to the next'
complete -c quorate -n "__fish_quorate_needs_command" -f -a "audit" -d 'Signed, hash-chained logs'
complete -c quorate -n "__fish_quorate_needs_command" -f -a "doctor" -d 'Lists operations that stopped half-way, the copies of every share, and what finishes each'
complete -c quorate -n "__fish_quorate_needs_command" -f -a "recover" -d 'Makes a private key whole from its shares: the last resort, after which the key is exposed'
complete -c quorate -n "__fish_quorate_needs_command" -f -a "selftest" -d 'Runs known-answer tests of everything cryptographic'
complete -c quorate -n "__fish_quorate_needs_command" -f -a "ceremony" -d 'Scripted ceremonies'
complete -c quorate -n "__fish_quorate_needs_command" -f -a "completions" -d 'Prints the completion script for a shell'
complete -c quorate -n "__fish_quorate_needs_command" -f -a "man" -d 'Writes the manual pages'
complete -c quorate -n "__fish_quorate_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c quorate -n "__fish_quorate_using_subcommand init" -l servers -d 'The nodes\' names, in order (2 to 16)' -r
complete -c quorate -n "__fish_quorate_using_subcommand init" -l seal -d 'What opens the node stores: a key file beside them (unprotected), or a passphrase' -r -f -a "key-file\t''
passphrase\t''"
complete -c quorate -n "__fish_quorate_using_subcommand init" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand init" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand init" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand init" -l no-nodes -d 'A custodian\'s or auditor\'s home: no nodes'
complete -c quorate -n "__fish_quorate_using_subcommand init" -l production -d 'Nodes for keys that guard value: they do nothing until people have adopted a production genesis'
complete -c quorate -n "__fish_quorate_using_subcommand init" -l generate-passphrase -d 'Draw the passphrase: seven random words, shown once'
complete -c quorate -n "__fish_quorate_using_subcommand init" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand init" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand init" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand key; and not __fish_seen_subcommand_from generate list show resume abandon alias locks unlock mark-exposed rebuild-inventory help" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand key; and not __fish_seen_subcommand_from generate list show resume abandon alias locks unlock mark-exposed rebuild-inventory help" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand key; and not __fish_seen_subcommand_from generate list show resume abandon alias locks unlock mark-exposed rebuild-inventory help" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand key; and not __fish_seen_subcommand_from generate list show resume abandon alias locks unlock mark-exposed rebuild-inventory help" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand key; and not __fish_seen_subcommand_from generate list show resume abandon alias locks unlock mark-exposed rebuild-inventory help" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand key; and not __fish_seen_subcommand_from generate list show resume abandon alias locks unlock mark-exposed rebuild-inventory help" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand key; and not __fish_seen_subcommand_from generate list show resume abandon alias locks unlock mark-exposed rebuild-inventory help" -s h -l help -d 'Print help'
complete -c quorate -n "__fish_quorate_using_subcommand key; and not __fish_seen_subcommand_from generate list show resume abandon alias locks unlock mark-exposed rebuild-inventory help" -f -a "generate" -d 'Generates a threshold key over the nodes'
complete -c quorate -n "__fish_quorate_using_subcommand key; and not __fish_seen_subcommand_from generate list show resume abandon alias locks unlock mark-exposed rebuild-inventory help" -f -a "list" -d 'Lists the keys of this workspace, incomplete ones too'
complete -c quorate -n "__fish_quorate_using_subcommand key; and not __fish_seen_subcommand_from generate list show resume abandon alias locks unlock mark-exposed rebuild-inventory help" -f -a "show" -d 'Shows one key: public key, servers, key card, spoken words'
complete -c quorate -n "__fish_quorate_using_subcommand key; and not __fish_seen_subcommand_from generate list show resume abandon alias locks unlock mark-exposed rebuild-inventory help" -f -a "resume" -d 'Finishes a key generation that was interrupted'
complete -c quorate -n "__fish_quorate_using_subcommand key; and not __fish_seen_subcommand_from generate list show resume abandon alias locks unlock mark-exposed rebuild-inventory help" -f -a "abandon" -d 'Gives up a key whose generation was never completed'
complete -c quorate -n "__fish_quorate_using_subcommand key; and not __fish_seen_subcommand_from generate list show resume abandon alias locks unlock mark-exposed rebuild-inventory help" -f -a "alias" -d 'Gives a key a second id, for shares that are imported anew; all its servers sign it'
complete -c quorate -n "__fish_quorate_using_subcommand key; and not __fish_seen_subcommand_from generate list show resume abandon alias locks unlock mark-exposed rebuild-inventory help" -f -a "locks" -d 'Lists whom the servers of a key do not work with, and why'
complete -c quorate -n "__fish_quorate_using_subcommand key; and not __fish_seen_subcommand_from generate list show resume abandon alias locks unlock mark-exposed rebuild-inventory help" -f -a "unlock" -d 'Has the servers of a key work again with a server that misbehaved'
complete -c quorate -n "__fish_quorate_using_subcommand key; and not __fish_seen_subcommand_from generate list show resume abandon alias locks unlock mark-exposed rebuild-inventory help" -f -a "mark-exposed" -d 'Tells the servers that a key was recovered somewhere: they sign with it no more'
complete -c quorate -n "__fish_quorate_using_subcommand key; and not __fish_seen_subcommand_from generate list show resume abandon alias locks unlock mark-exposed rebuild-inventory help" -f -a "rebuild-inventory" -d 'Writes lost key cards into the workspace again, from shards'
complete -c quorate -n "__fish_quorate_using_subcommand key; and not __fish_seen_subcommand_from generate list show resume abandon alias locks unlock mark-exposed rebuild-inventory help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from generate" -l curve -d 'SECP256k1, ED25519, P256, P384, P521, ED448, SECP256K1_SCHNORR, STARK, or an alias' -r
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from generate" -l threshold -d 'How many servers sign together (2 up to the number of servers)' -r
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from generate" -l servers -d 'The servers that hold the key, in order; default: all of the genesis' -r
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from generate" -l label -d 'A name for people; need not be unique' -r
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from generate" -l purpose -d 'What the key may be used for, rehearsal or production; default: what the genesis is for' -r
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from generate" -l backup -d 'Write a second copy of the key card here before success is reported' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from generate" -l requester -d 'The identity of whoever asks' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from generate" -l request -d 'A request for just this that others have approved; repeat for several' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from generate" -l approval -d 'An approval of one of those requests; repeat for each' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from generate" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from generate" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from generate" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from generate" -l no-loss-tolerance -d 'Allow a threshold equal to the number of servers: losing one server then loses the key'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from generate" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from generate" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from generate" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from generate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from list" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from list" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from list" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from list" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from show" -l key -d 'The key\'s keyId' -r
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from show" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from show" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from show" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from show" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from resume" -l key -d 'The key\'s keyId' -r
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from resume" -l requester -d 'The identity of whoever asks' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from resume" -l request -d 'A request for just this that others have approved; repeat for several' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from resume" -l approval -d 'An approval of one of those requests; repeat for each' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from resume" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from resume" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from resume" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from resume" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from resume" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from resume" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from resume" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from abandon" -l key -d 'The keyId; only an incomplete key can be abandoned' -r
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from abandon" -l requester -d 'The identity of whoever asks' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from abandon" -l request -d 'A request for just this that others have approved; repeat for several' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from abandon" -l approval -d 'An approval of one of those requests; repeat for each' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from abandon" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from abandon" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from abandon" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from abandon" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from abandon" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from abandon" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from abandon" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from alias" -l key -d 'The key\'s keyId' -r
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from alias" -l label -d 'Free text' -r
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from alias" -l requester -d 'The identity of whoever asks' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from alias" -l request -d 'A request for just this that others have approved; repeat for several' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from alias" -l approval -d 'An approval of one of those requests; repeat for each' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from alias" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from alias" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from alias" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from alias" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from alias" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from alias" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from alias" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from locks" -l key -d 'The key\'s keyId' -r
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from locks" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from locks" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from locks" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from locks" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from locks" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from locks" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from locks" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from unlock" -l key -d 'The key\'s keyId' -r
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from unlock" -l culprit -d 'The server that was found to misbehave' -r
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from unlock" -l reason -d 'Why it may take part again, for everybody\'s logs; a request that is given has it' -r
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from unlock" -l requester -d 'The identity of whoever asks' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from unlock" -l request -d 'A request for just this that others have approved; repeat for several' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from unlock" -l approval -d 'An approval of one of those requests; repeat for each' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from unlock" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from unlock" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from unlock" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from unlock" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from unlock" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from unlock" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from unlock" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from mark-exposed" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from mark-exposed" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from mark-exposed" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from mark-exposed" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from mark-exposed" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from mark-exposed" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from mark-exposed" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from rebuild-inventory" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from rebuild-inventory" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from rebuild-inventory" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from rebuild-inventory" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from rebuild-inventory" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from rebuild-inventory" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from rebuild-inventory" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "generate" -d 'Generates a threshold key over the nodes'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "list" -d 'Lists the keys of this workspace, incomplete ones too'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "show" -d 'Shows one key: public key, servers, key card, spoken words'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "resume" -d 'Finishes a key generation that was interrupted'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "abandon" -d 'Gives up a key whose generation was never completed'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "alias" -d 'Gives a key a second id, for shares that are imported anew; all its servers sign it'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "locks" -d 'Lists whom the servers of a key do not work with, and why'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "unlock" -d 'Has the servers of a key work again with a server that misbehaved'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "mark-exposed" -d 'Tells the servers that a key was recovered somewhere: they sign with it no more'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "rebuild-inventory" -d 'Writes lost key cards into the workspace again, from shards'
complete -c quorate -n "__fish_quorate_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c quorate -n "__fish_quorate_using_subcommand aux; and not __fish_seen_subcommand_from renew help" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand aux; and not __fish_seen_subcommand_from renew help" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand aux; and not __fish_seen_subcommand_from renew help" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand aux; and not __fish_seen_subcommand_from renew help" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand aux; and not __fish_seen_subcommand_from renew help" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand aux; and not __fish_seen_subcommand_from renew help" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand aux; and not __fish_seen_subcommand_from renew help" -s h -l help -d 'Print help'
complete -c quorate -n "__fish_quorate_using_subcommand aux; and not __fish_seen_subcommand_from renew help" -f -a "renew" -d 'Makes new Paillier data for an ECDSA key on its servers'
complete -c quorate -n "__fish_quorate_using_subcommand aux; and not __fish_seen_subcommand_from renew help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c quorate -n "__fish_quorate_using_subcommand aux; and __fish_seen_subcommand_from renew" -l key -d 'The key\'s keyId' -r
complete -c quorate -n "__fish_quorate_using_subcommand aux; and __fish_seen_subcommand_from renew" -l servers -d 'The servers that get new aux, at least as many as sign; default: all that hold the key' -r
complete -c quorate -n "__fish_quorate_using_subcommand aux; and __fish_seen_subcommand_from renew" -l requester -d 'The identity of whoever asks' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand aux; and __fish_seen_subcommand_from renew" -l request -d 'A request for just this that others have approved; repeat for several' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand aux; and __fish_seen_subcommand_from renew" -l approval -d 'An approval of one of those requests; repeat for each' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand aux; and __fish_seen_subcommand_from renew" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand aux; and __fish_seen_subcommand_from renew" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand aux; and __fish_seen_subcommand_from renew" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand aux; and __fish_seen_subcommand_from renew" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand aux; and __fish_seen_subcommand_from renew" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand aux; and __fish_seen_subcommand_from renew" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand aux; and __fish_seen_subcommand_from renew" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand aux; and __fish_seen_subcommand_from help" -f -a "renew" -d 'Makes new Paillier data for an ECDSA key on its servers'
complete -c quorate -n "__fish_quorate_using_subcommand aux; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c quorate -n "__fish_quorate_using_subcommand node; and not __fish_seen_subcommand_from list status card pin confirm recipient replace help" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand node; and not __fish_seen_subcommand_from list status card pin confirm recipient replace help" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand node; and not __fish_seen_subcommand_from list status card pin confirm recipient replace help" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand node; and not __fish_seen_subcommand_from list status card pin confirm recipient replace help" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand node; and not __fish_seen_subcommand_from list status card pin confirm recipient replace help" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand node; and not __fish_seen_subcommand_from list status card pin confirm recipient replace help" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand node; and not __fish_seen_subcommand_from list status card pin confirm recipient replace help" -s h -l help -d 'Print help'
complete -c quorate -n "__fish_quorate_using_subcommand node; and not __fish_seen_subcommand_from list status card pin confirm recipient replace help" -f -a "list" -d 'Lists the nodes of this workspace'
complete -c quorate -n "__fish_quorate_using_subcommand node; and not __fish_seen_subcommand_from list status card pin confirm recipient replace help" -f -a "status" -d 'Shows what nodes hold, in their own signed words: shares, aux, primes, open shares, log head'
complete -c quorate -n "__fish_quorate_using_subcommand node; and not __fish_seen_subcommand_from list status card pin confirm recipient replace help" -f -a "card" -d 'Prints a node\'s public, self-signed card'
complete -c quorate -n "__fish_quorate_using_subcommand node; and not __fish_seen_subcommand_from list status card pin confirm recipient replace help" -f -a "pin" -d 'Pins a node set on a machine without nodes, after one comparison of its words'
complete -c quorate -n "__fish_quorate_using_subcommand node; and not __fish_seen_subcommand_from list status card pin confirm recipient replace help" -f -a "confirm" -d 'Confirms the words of a production genesis at a node\'s own console'
complete -c quorate -n "__fish_quorate_using_subcommand node; and not __fish_seen_subcommand_from list status card pin confirm recipient replace help" -f -a "recipient" -d 'Prints a node\'s age recipient with its proof of possession'
complete -c quorate -n "__fish_quorate_using_subcommand node; and not __fish_seen_subcommand_from list status card pin confirm recipient replace help" -f -a "replace" -d 'Puts a new node in the place of another one, which may be lost'
complete -c quorate -n "__fish_quorate_using_subcommand node; and not __fish_seen_subcommand_from list status card pin confirm recipient replace help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from list" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from list" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from list" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from list" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from status" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from status" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from status" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from status" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from status" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from card" -l out -d 'Write the node set, with all that its nodes signed, into one file' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from card" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from card" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from card" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from card" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from card" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from card" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from card" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from pin" -l fingerprint -d 'The words (or the hex digits) that the operator read to you; else they are asked about' -r
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from pin" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from pin" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from pin" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from pin" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from pin" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from pin" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from pin" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from confirm" -l server -d 'The node whose console this is' -r
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from confirm" -l adoption -d 'The signature of a person in it; repeat for each' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from confirm" -l fingerprint -d 'The words (or the hex digits) as the others read them to you; else you are asked' -r
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from confirm" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from confirm" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from confirm" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from confirm" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from confirm" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from confirm" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from confirm" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from recipient" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from recipient" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from recipient" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from recipient" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from recipient" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from recipient" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from recipient" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from replace" -l with -d 'The name of the node that is made' -r
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from replace" -l requester -d 'In production: the identity of whoever asks' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from replace" -l out -d 'In production: the request\'s new file, for others to approve' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from replace" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from replace" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from replace" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from replace" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from replace" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from replace" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from replace" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from help" -f -a "list" -d 'Lists the nodes of this workspace'
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from help" -f -a "status" -d 'Shows what nodes hold, in their own signed words: shares, aux, primes, open shares, log head'
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from help" -f -a "card" -d 'Prints a node\'s public, self-signed card'
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from help" -f -a "pin" -d 'Pins a node set on a machine without nodes, after one comparison of its words'
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from help" -f -a "confirm" -d 'Confirms the words of a production genesis at a node\'s own console'
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from help" -f -a "recipient" -d 'Prints a node\'s age recipient with its proof of possession'
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from help" -f -a "replace" -d 'Puts a new node in the place of another one, which may be lost'
complete -c quorate -n "__fish_quorate_using_subcommand node; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c quorate -n "__fish_quorate_using_subcommand person; and not __fish_seen_subcommand_from add update list help" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand person; and not __fish_seen_subcommand_from add update list help" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand person; and not __fish_seen_subcommand_from add update list help" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand person; and not __fish_seen_subcommand_from add update list help" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand person; and not __fish_seen_subcommand_from add update list help" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand person; and not __fish_seen_subcommand_from add update list help" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand person; and not __fish_seen_subcommand_from add update list help" -s h -l help -d 'Print help'
complete -c quorate -n "__fish_quorate_using_subcommand person; and not __fish_seen_subcommand_from add update list help" -f -a "add" -d 'Enrols a person after one comparison of their card\'s words'
complete -c quorate -n "__fish_quorate_using_subcommand person; and not __fish_seen_subcommand_from add update list help" -f -a "update" -d 'Takes a person\'s new card, vouched for by the identity it replaces'
complete -c quorate -n "__fish_quorate_using_subcommand person; and not __fish_seen_subcommand_from add update list help" -f -a "list" -d 'Lists the people of the genesis in force'
complete -c quorate -n "__fish_quorate_using_subcommand person; and not __fish_seen_subcommand_from add update list help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c quorate -n "__fish_quorate_using_subcommand person; and __fish_seen_subcommand_from add" -l role -d 'What the person may do; repeat for several' -r -f -a "keyGenerator\t'Starts key generation'
custodian\t'Holds the shards of one server'
guardian\t'Holds a share of a custodian\'s identity'
approver\t'Approves requests'
auditor\t'Reads logs and holds no key'"
complete -c quorate -n "__fish_quorate_using_subcommand person; and __fish_seen_subcommand_from add" -l server -d 'For a custodian: the server whose shards the person holds' -r
complete -c quorate -n "__fish_quorate_using_subcommand person; and __fish_seen_subcommand_from add" -l fingerprint -d 'The words (or the hex digits) that the person read to you; else they are asked about' -r
complete -c quorate -n "__fish_quorate_using_subcommand person; and __fish_seen_subcommand_from add" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand person; and __fish_seen_subcommand_from add" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand person; and __fish_seen_subcommand_from add" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand person; and __fish_seen_subcommand_from add" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand person; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand person; and __fish_seen_subcommand_from add" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand person; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand person; and __fish_seen_subcommand_from update" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand person; and __fish_seen_subcommand_from update" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand person; and __fish_seen_subcommand_from update" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand person; and __fish_seen_subcommand_from update" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand person; and __fish_seen_subcommand_from update" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand person; and __fish_seen_subcommand_from update" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand person; and __fish_seen_subcommand_from update" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand person; and __fish_seen_subcommand_from list" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand person; and __fish_seen_subcommand_from list" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand person; and __fish_seen_subcommand_from list" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand person; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand person; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand person; and __fish_seen_subcommand_from list" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand person; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand person; and __fish_seen_subcommand_from help" -f -a "add" -d 'Enrols a person after one comparison of their card\'s words'
complete -c quorate -n "__fish_quorate_using_subcommand person; and __fish_seen_subcommand_from help" -f -a "update" -d 'Takes a person\'s new card, vouched for by the identity it replaces'
complete -c quorate -n "__fish_quorate_using_subcommand person; and __fish_seen_subcommand_from help" -f -a "list" -d 'Lists the people of the genesis in force'
complete -c quorate -n "__fish_quorate_using_subcommand person; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c quorate -n "__fish_quorate_using_subcommand policy; and not __fish_seen_subcommand_from show propose adopt check help" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand policy; and not __fish_seen_subcommand_from show propose adopt check help" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand policy; and not __fish_seen_subcommand_from show propose adopt check help" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand policy; and not __fish_seen_subcommand_from show propose adopt check help" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand policy; and not __fish_seen_subcommand_from show propose adopt check help" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand policy; and not __fish_seen_subcommand_from show propose adopt check help" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand policy; and not __fish_seen_subcommand_from show propose adopt check help" -s h -l help -d 'Print help'
complete -c quorate -n "__fish_quorate_using_subcommand policy; and not __fish_seen_subcommand_from show propose adopt check help" -f -a "show" -d 'Shows people and quorums of the genesis in force, or of a proposal'
complete -c quorate -n "__fish_quorate_using_subcommand policy; and not __fish_seen_subcommand_from show propose adopt check help" -f -a "propose" -d 'Proposes the first genesis of a production set, or a change of it'
complete -c quorate -n "__fish_quorate_using_subcommand policy; and not __fish_seen_subcommand_from show propose adopt check help" -f -a "adopt" -d 'Signs the first genesis of a production set, or brings a proposal into force'
complete -c quorate -n "__fish_quorate_using_subcommand policy; and not __fish_seen_subcommand_from show propose adopt check help" -f -a "check" -d 'Says whether a proposal can be adopted, and whose agreement is missing'
complete -c quorate -n "__fish_quorate_using_subcommand policy; and not __fish_seen_subcommand_from show propose adopt check help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from show" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from show" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from show" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from show" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from propose" -l person -d 'Somebody to enrol: CARD:ROLE[+ROLE..][:SERVER]; repeat for each' -r
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from propose" -l update -d 'The new card of somebody who is enrolled, after a rotation' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from propose" -l remove -d 'Somebody who is to be enrolled no longer' -r
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from propose" -l quorum -d 'A quorum: OPERATION=COUNT[:ROLE]; repeat for several' -r
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from propose" -l validity-hours -d 'How long requests live at most' -r
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from propose" -l allow-blind -d 'Whether a bare digest may be signed' -r
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from propose" -l again -d 'A request of before whose version was begun and has expired: the same version is asked for again' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from propose" -l out -d 'The proposal\'s new file' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from propose" -l requester -d 'The identity of whoever asks' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from propose" -l request -d 'A request for just this that others have approved; repeat for several' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from propose" -l approval -d 'An approval of one of those requests; repeat for each' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from propose" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from propose" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from propose" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from propose" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from propose" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from propose" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from propose" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from adopt" -l identity -d 'Sign it, as the person of this identity' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from adopt" -l out -d 'With --identity: the signature\'s new file, by convention *.adoption.json' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from adopt" -l confirm -d 'With --identity: the words (or the hex digits) of the proposal; else you are asked' -r
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from adopt" -l adoption -d 'The signature of a person in it; repeat for each' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from adopt" -l approval -d 'An approval of the change; repeat for each' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from adopt" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from adopt" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from adopt" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from adopt" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from adopt" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from adopt" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from adopt" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from check" -l adoption -d 'The signature of a person in a first genesis; repeat for each' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from check" -l approval -d 'An approval of a change; repeat for each' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from check" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from check" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from check" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from check" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from check" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from help" -f -a "show" -d 'Shows people and quorums of the genesis in force, or of a proposal'
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from help" -f -a "propose" -d 'Proposes the first genesis of a production set, or a change of it'
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from help" -f -a "adopt" -d 'Signs the first genesis of a production set, or brings a proposal into force'
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from help" -f -a "check" -d 'Says whether a proposal can be adopted, and whose agreement is missing'
complete -c quorate -n "__fish_quorate_using_subcommand policy; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c quorate -n "__fish_quorate_using_subcommand sign; and not __fish_seen_subcommand_from grant run help" -l key -d 'The key\'s keyId' -r
complete -c quorate -n "__fish_quorate_using_subcommand sign; and not __fish_seen_subcommand_from grant run help" -l message-file -d 'The file to sign, whole; - reads standard input' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand sign; and not __fish_seen_subcommand_from grant run help" -l message -d 'The message itself, as UTF-8' -r
complete -c quorate -n "__fish_quorate_using_subcommand sign; and not __fish_seen_subcommand_from grant run help" -l digest -d 'A digest made elsewhere (not for the EdDSA curves)' -r
complete -c quorate -n "__fish_quorate_using_subcommand sign; and not __fish_seen_subcommand_from grant run help" -l hash -d 'How the message is hashed; default: what the curve\'s users expect' -r -f -a "sha256\t''
sha384\t''
sha512\t''
keccak256\t'Ethereum\'s hash'"
complete -c quorate -n "__fish_quorate_using_subcommand sign; and not __fish_seen_subcommand_from grant run help" -l servers -d 'The servers that sign, exactly as many as the threshold; default: chosen' -r
complete -c quorate -n "__fish_quorate_using_subcommand sign; and not __fish_seen_subcommand_from grant run help" -l shard -d 'A shard for this one signature; repeat, as many as the threshold' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand sign; and not __fish_seen_subcommand_from grant run help" -l identity -d 'The identity that opens the shard; one for each --shard, in the same order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand sign; and not __fish_seen_subcommand_from grant run help" -l format -d 'The signature\'s form; DER and r||s are for ECDSA, where DER is usual; json prints the whole result' -r -f -a "der\t'ASN.1 DER (ECDSA)'
raw\t'r and s, each as long as a scalar; other signatures as they are'
json\t'One JSON object'"
complete -c quorate -n "__fish_quorate_using_subcommand sign; and not __fish_seen_subcommand_from grant run help" -l out -d 'Write the signature\'s bytes to a new file; - is standard output' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand sign; and not __fish_seen_subcommand_from grant run help" -l requester -d 'The identity of whoever asks' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand sign; and not __fish_seen_subcommand_from grant run help" -l request -d 'A request for just this that others have approved; repeat for several' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand sign; and not __fish_seen_subcommand_from grant run help" -l approval -d 'An approval of one of those requests; repeat for each' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand sign; and not __fish_seen_subcommand_from grant run help" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand sign; and not __fish_seen_subcommand_from grant run help" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand sign; and not __fish_seen_subcommand_from grant run help" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand sign; and not __fish_seen_subcommand_from grant run help" -l taproot -d 'Sign under the BIP-341 output key (SECP256K1_SCHNORR only)'
complete -c quorate -n "__fish_quorate_using_subcommand sign; and not __fish_seen_subcommand_from grant run help" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand sign; and not __fish_seen_subcommand_from grant run help" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand sign; and not __fish_seen_subcommand_from grant run help" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand sign; and not __fish_seen_subcommand_from grant run help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand sign; and not __fish_seen_subcommand_from grant run help" -f -a "grant" -d 'Agrees to a request and encrypts this shard\'s share for it, once'
complete -c quorate -n "__fish_quorate_using_subcommand sign; and not __fish_seen_subcommand_from grant run help" -f -a "run" -d 'Signs a request with the grants of its custodians'
complete -c quorate -n "__fish_quorate_using_subcommand sign; and not __fish_seen_subcommand_from grant run help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c quorate -n "__fish_quorate_using_subcommand sign; and __fish_seen_subcommand_from grant" -l shard -d 'The shard' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand sign; and __fish_seen_subcommand_from grant" -l identity -d 'The identity that opens it' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand sign; and __fish_seen_subcommand_from grant" -l out -d 'The grant\'s new file, by convention *.grant.json' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand sign; and __fish_seen_subcommand_from grant" -l qr -d 'Also draw the grant as one QR code into a new file: .svg or .png (Schnorr curves only)' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand sign; and __fish_seen_subcommand_from grant" -l confirm -d 'The request\'s words (or the hex digits), heard over another channel; else every field is asked about' -r
complete -c quorate -n "__fish_quorate_using_subcommand sign; and __fish_seen_subcommand_from grant" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand sign; and __fish_seen_subcommand_from grant" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand sign; and __fish_seen_subcommand_from grant" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand sign; and __fish_seen_subcommand_from grant" -l allow-blind -d 'Agree to a bare digest, whose message nobody sees'
complete -c quorate -n "__fish_quorate_using_subcommand sign; and __fish_seen_subcommand_from grant" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand sign; and __fish_seen_subcommand_from grant" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand sign; and __fish_seen_subcommand_from grant" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand sign; and __fish_seen_subcommand_from grant" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand sign; and __fish_seen_subcommand_from run" -l grant -d 'A custodian\'s grant, or a picture of its QR code; repeat, as many as the threshold' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand sign; and __fish_seen_subcommand_from run" -l format -d 'The signature\'s form; DER and r||s are for ECDSA, where DER is usual; json prints the whole result' -r -f -a "der\t'ASN.1 DER (ECDSA)'
raw\t'r and s, each as long as a scalar; other signatures as they are'
json\t'One JSON object'"
complete -c quorate -n "__fish_quorate_using_subcommand sign; and __fish_seen_subcommand_from run" -l out -d 'Write the signature\'s bytes to a new file; - is standard output' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand sign; and __fish_seen_subcommand_from run" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand sign; and __fish_seen_subcommand_from run" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand sign; and __fish_seen_subcommand_from run" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand sign; and __fish_seen_subcommand_from run" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand sign; and __fish_seen_subcommand_from run" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand sign; and __fish_seen_subcommand_from run" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand sign; and __fish_seen_subcommand_from run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand sign; and __fish_seen_subcommand_from help" -f -a "grant" -d 'Agrees to a request and encrypts this shard\'s share for it, once'
complete -c quorate -n "__fish_quorate_using_subcommand sign; and __fish_seen_subcommand_from help" -f -a "run" -d 'Signs a request with the grants of its custodians'
complete -c quorate -n "__fish_quorate_using_subcommand sign; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c quorate -n "__fish_quorate_using_subcommand request; and not __fish_seen_subcommand_from new show status renew cancel help" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand request; and not __fish_seen_subcommand_from new show status renew cancel help" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand request; and not __fish_seen_subcommand_from new show status renew cancel help" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand request; and not __fish_seen_subcommand_from new show status renew cancel help" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand request; and not __fish_seen_subcommand_from new show status renew cancel help" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand request; and not __fish_seen_subcommand_from new show status renew cancel help" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand request; and not __fish_seen_subcommand_from new show status renew cancel help" -s h -l help -d 'Print help'
complete -c quorate -n "__fish_quorate_using_subcommand request; and not __fish_seen_subcommand_from new show status renew cancel help" -f -a "new" -d 'Makes a request'
complete -c quorate -n "__fish_quorate_using_subcommand request; and not __fish_seen_subcommand_from new show status renew cancel help" -f -a "show" -d 'Shows a request: what would be done, its words, who must grant it'
complete -c quorate -n "__fish_quorate_using_subcommand request; and not __fish_seen_subcommand_from new show status renew cancel help" -f -a "status" -d 'Says what each approval of a request is worth, and who is missing'
complete -c quorate -n "__fish_quorate_using_subcommand request; and not __fish_seen_subcommand_from new show status renew cancel help" -f -a "renew" -d 'Makes new one-time recipients for a request whose run failed'
complete -c quorate -n "__fish_quorate_using_subcommand request; and not __fish_seen_subcommand_from new show status renew cancel help" -f -a "cancel" -d 'Gives a request up: its servers never carry it out, and destroy what waits for grants'
complete -c quorate -n "__fish_quorate_using_subcommand request; and not __fish_seen_subcommand_from new show status renew cancel help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from new" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from new" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from new" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from new" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from new" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from new" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from new" -s h -l help -d 'Print help'
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from new" -f -a "sign" -d 'Makes a signing request for custodians whose shards are on other machines'
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from new" -f -a "export" -d 'Makes a request to export one server\'s share to its custodian'
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from new" -f -a "import" -d 'Makes a request to put a share back on its server, to stay'
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from new" -f -a "recover" -d 'Makes a request to recover a private key, from the servers or from shards'
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from new" -f -a "release" -d 'Makes a request to delete what a server gave out without its custodian\'s receipt'
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from new" -f -a "unlock" -d 'Makes a request to lift the lock on a server that misbehaved'
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from new" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from show" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from show" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from show" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from show" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from status" -l approval -d 'An approval; repeat for each' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from status" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from status" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from status" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from status" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from status" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from renew" -l out -d 'The new file' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from renew" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from renew" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from renew" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from renew" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from renew" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from renew" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from renew" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from cancel" -l operation -d 'The operation\'s id, where the request\'s file is lost; `quorate doctor` names it' -r
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from cancel" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from cancel" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from cancel" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from cancel" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from cancel" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from cancel" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from cancel" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from help" -f -a "new" -d 'Makes a request'
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from help" -f -a "show" -d 'Shows a request: what would be done, its words, who must grant it'
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from help" -f -a "status" -d 'Says what each approval of a request is worth, and who is missing'
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from help" -f -a "renew" -d 'Makes new one-time recipients for a request whose run failed'
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from help" -f -a "cancel" -d 'Gives a request up: its servers never carry it out, and destroy what waits for grants'
complete -c quorate -n "__fish_quorate_using_subcommand request; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c quorate -n "__fish_quorate_using_subcommand approve" -l identity -d 'Your identity' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand approve" -l out -d 'The approval\'s new file, by convention *.approval.json' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand approve" -l qr -d 'Also draw the approval as one QR code into a new file: .svg or .png' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand approve" -l confirm -d 'The words (or the hex digits) of the request, as its requester read them to you; else you are asked' -r
complete -c quorate -n "__fish_quorate_using_subcommand approve" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand approve" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand approve" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand approve" -l allow-blind -d 'Agree to a signature over a bare digest, of which nobody sees what it stands for'
complete -c quorate -n "__fish_quorate_using_subcommand approve" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand approve" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand approve" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand approve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand verify" -l curve -d 'SECP256k1, ED25519, P256, P384, P521, ED448, SECP256K1_SCHNORR, STARK, or an alias' -r
complete -c quorate -n "__fish_quorate_using_subcommand verify" -l public-key -d 'The public key as `key show` prints it' -r
complete -c quorate -n "__fish_quorate_using_subcommand verify" -l signature -d 'The signature: DER or r|s for ECDSA, 64 or 114 bytes for EdDSA, 64 for BIP-340' -r
complete -c quorate -n "__fish_quorate_using_subcommand verify" -l message-file -d 'The file to sign, whole; - reads standard input' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand verify" -l message -d 'The message itself, as UTF-8' -r
complete -c quorate -n "__fish_quorate_using_subcommand verify" -l digest -d 'A digest made elsewhere (not for the EdDSA curves)' -r
complete -c quorate -n "__fish_quorate_using_subcommand verify" -l hash -d 'How the message is hashed; default: what the curve\'s users expect' -r -f -a "sha256\t''
sha384\t''
sha512\t''
keccak256\t'Ethereum\'s hash'"
complete -c quorate -n "__fish_quorate_using_subcommand verify" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand verify" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand verify" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand verify" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand verify" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand verify" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and not __fish_seen_subcommand_from keygen show card passphrase unlock-check challenge prove verify help" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and not __fish_seen_subcommand_from keygen show card passphrase unlock-check challenge prove verify help" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and not __fish_seen_subcommand_from keygen show card passphrase unlock-check challenge prove verify help" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and not __fish_seen_subcommand_from keygen show card passphrase unlock-check challenge prove verify help" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and not __fish_seen_subcommand_from keygen show card passphrase unlock-check challenge prove verify help" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and not __fish_seen_subcommand_from keygen show card passphrase unlock-check challenge prove verify help" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and not __fish_seen_subcommand_from keygen show card passphrase unlock-check challenge prove verify help" -s h -l help -d 'Print help'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and not __fish_seen_subcommand_from keygen show card passphrase unlock-check challenge prove verify help" -f -a "keygen" -d 'Makes an identity on this machine: a file under a passphrase, and a public card beside it'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and not __fish_seen_subcommand_from keygen show card passphrase unlock-check challenge prove verify help" -f -a "show" -d 'Shows the public parts of an identity file; asks for no passphrase'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and not __fish_seen_subcommand_from keygen show card passphrase unlock-check challenge prove verify help" -f -a "card" -d 'Writes the public card of an identity again, if the first one was lost'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and not __fish_seen_subcommand_from keygen show card passphrase unlock-check challenge prove verify help" -f -a "passphrase" -d 'Changes the passphrase of an identity file; the old file stands until the new one was opened'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and not __fish_seen_subcommand_from keygen show card passphrase unlock-check challenge prove verify help" -f -a "unlock-check" -d 'Opens an identity with its passphrase, checks that its keys are the ones it names, and forgets them'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and not __fish_seen_subcommand_from keygen show card passphrase unlock-check challenge prove verify help" -f -a "challenge" -d 'Makes a challenge that only the holder of a card\'s secrets can answer'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and not __fish_seen_subcommand_from keygen show card passphrase unlock-check challenge prove verify help" -f -a "prove" -d 'Answers a challenge: decrypts what was sealed to this identity, and signs'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and not __fish_seen_subcommand_from keygen show card passphrase unlock-check challenge prove verify help" -f -a "verify" -d 'Checks a person\'s card, and a proof that its holder has both secrets now'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and not __fish_seen_subcommand_from keygen show card passphrase unlock-check challenge prove verify help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from keygen" -l name -d 'The person\'s name' -r
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from keygen" -l out -d 'The identity file to make; the card NAME.card.json goes beside it' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from keygen" -l from -d 'Keep the secret key of a file that age-keygen wrote; - reads standard input' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from keygen" -l replaces -d 'The identity that this one replaces; its card is sought beside it' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from keygen" -l kdf -d 'What Argon2id costs; else default, or what the file costs already' -r -f -a "least\t'64 MiB, for machines with little memory'
default\t'256 MiB'
vault\t'1 GiB, for what is opened rarely'"
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from keygen" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from keygen" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from keygen" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from keygen" -l generate-passphrase -d 'Draw the passphrase: seven random words, shown once'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from keygen" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from keygen" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from keygen" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from keygen" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from show" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from show" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from show" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from show" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from card" -l out -d 'The card to make; default: NAME.card.json beside the identity' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from card" -l replaces -d 'The older identity that vouches for this one; its card is sought beside it' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from card" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from card" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from card" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from card" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from card" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from card" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from card" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from passphrase" -l kdf -d 'What Argon2id costs; else default, or what the file costs already' -r -f -a "least\t'64 MiB, for machines with little memory'
default\t'256 MiB'
vault\t'1 GiB, for what is opened rarely'"
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from passphrase" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from passphrase" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from passphrase" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from passphrase" -l generate-passphrase -d 'Draw the passphrase: seven random words, shown once'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from passphrase" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from passphrase" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from passphrase" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from passphrase" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from unlock-check" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from unlock-check" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from unlock-check" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from unlock-check" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from unlock-check" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from unlock-check" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from unlock-check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from challenge" -l out -d 'The challenge to make; keep your own copy of it for the verification' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from challenge" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from challenge" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from challenge" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from challenge" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from challenge" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from challenge" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from challenge" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from prove" -l challenge -d 'The challenge you were given' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from prove" -l out -d 'The proof to make' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from prove" -l card -d 'Your card; default: NAME.card.json beside the identity' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from prove" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from prove" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from prove" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from prove" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from prove" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from prove" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from prove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from verify" -l challenge -d 'Your own copy of the challenge' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from verify" -l proof -d 'The proof you were given' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from verify" -l replaces -d 'The card that this one replaces' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from verify" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from verify" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from verify" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from verify" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from verify" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from verify" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from help" -f -a "keygen" -d 'Makes an identity on this machine: a file under a passphrase, and a public card beside it'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from help" -f -a "show" -d 'Shows the public parts of an identity file; asks for no passphrase'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from help" -f -a "card" -d 'Writes the public card of an identity again, if the first one was lost'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from help" -f -a "passphrase" -d 'Changes the passphrase of an identity file; the old file stands until the new one was opened'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from help" -f -a "unlock-check" -d 'Opens an identity with its passphrase, checks that its keys are the ones it names, and forgets them'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from help" -f -a "challenge" -d 'Makes a challenge that only the holder of a card\'s secrets can answer'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from help" -f -a "prove" -d 'Answers a challenge: decrypts what was sealed to this identity, and signs'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from help" -f -a "verify" -d 'Checks a person\'s card, and a proof that its holder has both secrets now'
complete -c quorate -n "__fish_quorate_using_subcommand custodian; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and not __fish_seen_subcommand_from split check scan combine recreate replace help" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and not __fish_seen_subcommand_from split check scan combine recreate replace help" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and not __fish_seen_subcommand_from split check scan combine recreate replace help" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and not __fish_seen_subcommand_from split check scan combine recreate replace help" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and not __fish_seen_subcommand_from split check scan combine recreate replace help" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and not __fish_seen_subcommand_from split check scan combine recreate replace help" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and not __fish_seen_subcommand_from split check scan combine recreate replace help" -s h -l help -d 'Print help'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and not __fish_seen_subcommand_from split check scan combine recreate replace help" -f -a "split" -d 'Splits an identity among guardians and rehearses every combination that must restore it'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and not __fish_seen_subcommand_from split check scan combine recreate replace help" -f -a "check" -d 'Checks a guardian\'s share alone against its commitment, and notes in the set that it was read back'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and not __fish_seen_subcommand_from split check scan combine recreate replace help" -f -a "scan" -d 'Reads sheets from photos or scans (PNG, JPEG, PDF) and says which shares they are'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and not __fish_seen_subcommand_from split check scan combine recreate replace help" -f -a "combine" -d 'Restores an identity from enough guardians\' shares and puts it under a new passphrase at once'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and not __fish_seen_subcommand_from split check scan combine recreate replace help" -f -a "recreate" -d 'Makes the identical share of one guardian again, from enough of the others'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and not __fish_seen_subcommand_from split check scan combine recreate replace help" -f -a "replace" -d 'Makes a new identity with new guardians in the place of an old one'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and not __fish_seen_subcommand_from split check scan combine recreate replace help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from split" -l guardians -d 'The guardians, one share each (2 to 16)' -r
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from split" -l threshold -d 'How many of them restore the identity; default: more than half (3 of 5)' -r
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from split" -l out-dir -d 'Write the sheets into this directory; take one in memory, such as /dev/shm/shares' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from split" -l print-to -d 'Feed one sheet at a time (PDF on standard input) to this printer command, guardian by guardian' -r
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from split" -l paper -d 'The paper in the printer' -r -f -a "a4\t''
letter\t''"
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from split" -l set -d 'The guardian set to write; default: guardian-set.json in --out-dir, else beside the identity' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from split" -l recipient -d 'Encrypt this guardian\'s share to the guardian\'s own age recipient, as NAME.share.age, instead of paper' -r
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from split" -l share-passphrase -d 'Encrypt this guardian\'s share under a passphrase of the guardian\'s, as NAME.share.age, instead of paper' -r
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from split" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from split" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from split" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from split" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from split" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from split" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from split" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from check" -l identity -d 'Opens a NAME.share.age: the guardian\'s identity file, or an age key file' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from check" -l set -d 'The guardian set' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from check" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from check" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from check" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from check" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from check" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from scan" -l set -d 'The guardian set, to tell whose shares they are' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from scan" -l out -d 'Write the words of the one share found into this file' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from scan" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from scan" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from scan" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from scan" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from scan" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from scan" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from scan" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from combine" -l identity -d 'Opens a NAME.share.age: the guardian\'s identity file, or an age key file' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from combine" -l set -d 'The guardian set: each share is checked to the bit' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from combine" -l card -d 'The person\'s card, if the set is lost; beside --set, the two must agree' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from combine" -l recipient -d 'The age1... printed on the sheets, if both are lost' -r
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from combine" -l name -d 'The person, with --recipient' -r
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from combine" -l out -d 'The identity file to make' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from combine" -l kdf -d 'What Argon2id costs; else default, or what the file costs already' -r -f -a "least\t'64 MiB, for machines with little memory'
default\t'256 MiB'
vault\t'1 GiB, for what is opened rarely'"
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from combine" -l format -d 'How the shares were made' -r -f -a "slip39\t'The sheets of this program, or any SLIP-39 shares of one group'
sharks\t'Legacy: hex or base64 shares of the sharks or blahaj libraries'"
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from combine" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from combine" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from combine" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from combine" -l generate-passphrase -d 'Draw the passphrase: seven random words, shown once'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from combine" -l show -d 'Show AGE-SECRET-KEY-1... on the terminal, after a typed confirmation'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from combine" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from combine" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from combine" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from combine" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from recreate" -l identity -d 'Opens a NAME.share.age: the guardian\'s identity file, or an age key file' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from recreate" -l set -d 'The guardian set' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from recreate" -l out-dir -d 'Write the sheets into this directory; take one in memory, such as /dev/shm/shares' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from recreate" -l print-to -d 'Feed one sheet at a time (PDF on standard input) to this printer command, guardian by guardian' -r
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from recreate" -l paper -d 'The paper in the printer' -r -f -a "a4\t''
letter\t''"
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from recreate" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from recreate" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from recreate" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from recreate" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from recreate" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from recreate" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from recreate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from replace" -l out -d 'The new identity file to make; its card goes beside it' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from replace" -l guardians -d 'The guardians, one share each (2 to 16)' -r
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from replace" -l threshold -d 'How many of them restore the identity; default: more than half (3 of 5)' -r
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from replace" -l out-dir -d 'Write the sheets into this directory; take one in memory, such as /dev/shm/shares' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from replace" -l print-to -d 'Feed one sheet at a time (PDF on standard input) to this printer command, guardian by guardian' -r
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from replace" -l paper -d 'The paper in the printer' -r -f -a "a4\t''
letter\t''"
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from replace" -l set -d 'The guardian set to write; default: guardian-set.json in --out-dir, else beside the identity' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from replace" -l recipient -d 'Encrypt this guardian\'s share to the guardian\'s own age recipient, as NAME.share.age, instead of paper' -r
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from replace" -l share-passphrase -d 'Encrypt this guardian\'s share under a passphrase of the guardian\'s, as NAME.share.age, instead of paper' -r
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from replace" -l kdf -d 'What Argon2id costs; else default, or what the file costs already' -r -f -a "least\t'64 MiB, for machines with little memory'
default\t'256 MiB'
vault\t'1 GiB, for what is opened rarely'"
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from replace" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from replace" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from replace" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from replace" -l same-identity -d 'Keep the identity and only make a new set: old sheets stay valid'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from replace" -l generate-passphrase -d 'Draw the passphrase: seven random words, shown once'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from replace" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from replace" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from replace" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from replace" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from help" -f -a "split" -d 'Splits an identity among guardians and rehearses every combination that must restore it'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from help" -f -a "check" -d 'Checks a guardian\'s share alone against its commitment, and notes in the set that it was read back'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from help" -f -a "scan" -d 'Reads sheets from photos or scans (PNG, JPEG, PDF) and says which shares they are'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from help" -f -a "combine" -d 'Restores an identity from enough guardians\' shares and puts it under a new passphrase at once'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from help" -f -a "recreate" -d 'Makes the identical share of one guardian again, from enough of the others'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from help" -f -a "replace" -d 'Makes a new identity with new guardians in the place of an old one'
complete -c quorate -n "__fish_quorate_using_subcommand guardian; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c quorate -n "__fish_quorate_using_subcommand share; and not __fish_seen_subcommand_from export receive release import inspect rewrap destroy-old list help" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and not __fish_seen_subcommand_from export receive release import inspect rewrap destroy-old list help" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and not __fish_seen_subcommand_from export receive release import inspect rewrap destroy-old list help" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand share; and not __fish_seen_subcommand_from export receive release import inspect rewrap destroy-old list help" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand share; and not __fish_seen_subcommand_from export receive release import inspect rewrap destroy-old list help" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand share; and not __fish_seen_subcommand_from export receive release import inspect rewrap destroy-old list help" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand share; and not __fish_seen_subcommand_from export receive release import inspect rewrap destroy-old list help" -s h -l help -d 'Print help'
complete -c quorate -n "__fish_quorate_using_subcommand share; and not __fish_seen_subcommand_from export receive release import inspect rewrap destroy-old list help" -f -a "export" -d 'Gives shares to their custodians, encrypted; with --delete the nodes delete against receipts'
complete -c quorate -n "__fish_quorate_using_subcommand share; and not __fish_seen_subcommand_from export receive release import inspect rewrap destroy-old list help" -f -a "receive" -d 'Takes a shard in: copies it to your own medium, opens it there, and signs the receipt'
complete -c quorate -n "__fish_quorate_using_subcommand share; and not __fish_seen_subcommand_from export receive release import inspect rewrap destroy-old list help" -f -a "release" -d 'Has servers delete the shares that their custodians have signed for'
complete -c quorate -n "__fish_quorate_using_subcommand share; and not __fish_seen_subcommand_from export receive release import inspect rewrap destroy-old list help" -f -a "import" -d 'Puts a share back on its server to stay; no identity is needed here'
complete -c quorate -n "__fish_quorate_using_subcommand share; and not __fish_seen_subcommand_from export receive release import inspect rewrap destroy-old list help" -f -a "inspect" -d 'Shows what a shard is, and says what of it was checked'
complete -c quorate -n "__fish_quorate_using_subcommand share; and not __fish_seen_subcommand_from export receive release import inspect rewrap destroy-old list help" -f -a "rewrap" -d 'Encrypts shards again on this machine: for your new identity, a successor, or a node'
complete -c quorate -n "__fish_quorate_using_subcommand share; and not __fish_seen_subcommand_from export receive release import inspect rewrap destroy-old list help" -f -a "destroy-old" -d 'Destroys a shard that was replaced, after its replacement was seen to hold the same share'
complete -c quorate -n "__fish_quorate_using_subcommand share; and not __fish_seen_subcommand_from export receive release import inspect rewrap destroy-old list help" -f -a "list" -d 'Lists where copies of shares are, and which quorums they make'
complete -c quorate -n "__fish_quorate_using_subcommand share; and not __fish_seen_subcommand_from export receive release import inspect rewrap destroy-old list help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from export" -l key -d 'The key\'s keyId' -r
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from export" -l server -d 'The servers whose shares leave' -r
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from export" -l out-dir -d 'Where the shards are written' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from export" -l identity -d 'An identity on this machine: its shard is received and released at once; repeat for several' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from export" -l store -d 'With --identity: where the custodians\' copies go; default: they stay in --out-dir' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from export" -l requester -d 'The identity of whoever asks' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from export" -l request -d 'A request for just this that others have approved; repeat for several' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from export" -l approval -d 'An approval of one of those requests; repeat for each' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from export" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from export" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from export" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from export" -l all -d 'All servers that hold the key'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from export" -l delete -d 'The servers delete, once their custodians\' receipts are there'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from export" -l aux -d 'Only aux, renewed for shares that left before'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from export" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from export" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from receive" -l aux -d 'Renewed aux that was sent to you, in place of a shard' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from receive" -l shard -d 'With --aux: the shard you hold; it stays as it is' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from receive" -l identity -d 'Your identity file' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from receive" -l store -d 'Directory on the medium you keep; made if it is missing' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from receive" -l out -d 'The receipt to write, for whoever sent the shard' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from receive" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from receive" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from receive" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from receive" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from receive" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from receive" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from receive" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from release" -l key -d 'The key\'s keyId' -r
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from release" -l receipt -d 'A custodian\'s receipt; repeat for several' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from release" -l no-receipt -d 'Without any: this server deletes what it gave out last, though nobody has signed for it' -r
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from release" -l reason -d 'With --no-receipt: why, for everybody\'s logs; a request that is given has it' -r
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from release" -l requester -d 'The identity of whoever asks' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from release" -l request -d 'A request for just this that others have approved; repeat for several' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from release" -l approval -d 'An approval of one of those requests; repeat for each' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from release" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from release" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from release" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from release" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from release" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from release" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from release" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from import" -l server -d 'The server that it is for' -r
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from import" -l as-new -d 'Import it under this other id of the key, which `key alias` made' -r
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from import" -l requester -d 'The identity of whoever asks' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from import" -l request -d 'A request for just this that others have approved; repeat for several' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from import" -l approval -d 'An approval of one of those requests; repeat for each' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from import" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from import" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from import" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from import" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from import" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from import" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from inspect" -l identity -d 'Open it with this identity, and check everything' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from inspect" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from inspect" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from inspect" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from inspect" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from inspect" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from inspect" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from inspect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from rewrap" -l identity -d 'The identity that opens them now' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from rewrap" -l to -d 'A person\'s card, or your own new identity file' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from rewrap" -l out-dir -d 'Where the new shards go; made if it is missing' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from rewrap" -l replaces -d 'Your own card that the new card replaces; default: the enrolled one, or that beside --identity' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from rewrap" -l confirm -d 'The words of a card that is not enrolled, or with --to-node of the pinned node set; else you are asked' -r
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from rewrap" -l to-node -d 'The node that holds the index, which is to keep the share' -r
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from rewrap" -l out -d 'With --to-node: the import file to write' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from rewrap" -l valid-hours -d 'With --to-node: for how many hours the node takes it' -r
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from rewrap" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from rewrap" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from rewrap" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from rewrap" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from rewrap" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from rewrap" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from rewrap" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from destroy-old" -l replaced-by -d 'The shard that replaced it; it is opened first' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from destroy-old" -l identity -d 'The identity that opens --replaced-by' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from destroy-old" -l receipt -d 'The new holder\'s receipt for the shard that this home wrapped for them' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from destroy-old" -l confirm -d 'The words of the file to destroy (or its SHA-256); else you are asked' -r
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from destroy-old" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from destroy-old" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from destroy-old" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from destroy-old" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from destroy-old" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from destroy-old" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from destroy-old" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from list" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from list" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from list" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from list" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from help" -f -a "export" -d 'Gives shares to their custodians, encrypted; with --delete the nodes delete against receipts'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from help" -f -a "receive" -d 'Takes a shard in: copies it to your own medium, opens it there, and signs the receipt'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from help" -f -a "release" -d 'Has servers delete the shares that their custodians have signed for'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from help" -f -a "import" -d 'Puts a share back on its server to stay; no identity is needed here'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from help" -f -a "inspect" -d 'Shows what a shard is, and says what of it was checked'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from help" -f -a "rewrap" -d 'Encrypts shards again on this machine: for your new identity, a successor, or a node'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from help" -f -a "destroy-old" -d 'Destroys a shard that was replaced, after its replacement was seen to hold the same share'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from help" -f -a "list" -d 'Lists where copies of shares are, and which quorums they make'
complete -c quorate -n "__fish_quorate_using_subcommand share; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c quorate -n "__fish_quorate_using_subcommand audit; and not __fish_seen_subcommand_from show verify head export help" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand audit; and not __fish_seen_subcommand_from show verify head export help" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand audit; and not __fish_seen_subcommand_from show verify head export help" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand audit; and not __fish_seen_subcommand_from show verify head export help" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand audit; and not __fish_seen_subcommand_from show verify head export help" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand audit; and not __fish_seen_subcommand_from show verify head export help" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand audit; and not __fish_seen_subcommand_from show verify head export help" -s h -l help -d 'Print help'
complete -c quorate -n "__fish_quorate_using_subcommand audit; and not __fish_seen_subcommand_from show verify head export help" -f -a "show" -d 'Shows the end of the audit logs'
complete -c quorate -n "__fish_quorate_using_subcommand audit; and not __fish_seen_subcommand_from show verify head export help" -f -a "verify" -d 'Checks logs, receipts and key cards against each other; needs public keys only'
complete -c quorate -n "__fish_quorate_using_subcommand audit; and not __fish_seen_subcommand_from show verify head export help" -f -a "head" -d 'Shows where each log stands, to be written down or sent to the auditor'
complete -c quorate -n "__fish_quorate_using_subcommand audit; and not __fish_seen_subcommand_from show verify head export help" -f -a "export" -d 'Writes one file for an outside auditor: all logs, the genesis, key cards, receipts; no secret'
complete -c quorate -n "__fish_quorate_using_subcommand audit; and not __fish_seen_subcommand_from show verify head export help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from show" -l server -d 'Only this node\'s log; default: the workspace\'s and every node\'s' -r
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from show" -l tail -d 'How many entries, from the end' -r
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from show" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from show" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from show" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from show" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from verify" -l head -d 'Where a log stood, as `audit head` printed it once (hash in hex digits or words); repeatable' -r
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from verify" -l genesis -d 'The words (or hex digits) of a version of the genesis, as its people know them' -r
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from verify" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from verify" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from verify" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from verify" -l no-nodes -d 'The bundle is of a home without nodes: their logs are elsewhere'
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from verify" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from verify" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from verify" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from head" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from head" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from head" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from head" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from head" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from head" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from head" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from export" -l out -d 'The file to write; nothing is overwritten' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from export" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from export" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from export" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from export" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from export" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from help" -f -a "show" -d 'Shows the end of the audit logs'
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from help" -f -a "verify" -d 'Checks logs, receipts and key cards against each other; needs public keys only'
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from help" -f -a "head" -d 'Shows where each log stands, to be written down or sent to the auditor'
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from help" -f -a "export" -d 'Writes one file for an outside auditor: all logs, the genesis, key cards, receipts; no secret'
complete -c quorate -n "__fish_quorate_using_subcommand audit; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c quorate -n "__fish_quorate_using_subcommand doctor" -l confirm -d 'The words (or the hex digits) of a version of the genesis that nodes signed and this workspace has no record of' -r
complete -c quorate -n "__fish_quorate_using_subcommand doctor" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand doctor" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand doctor" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand doctor" -l fix -d 'Finish or undo what needs nobody else'
complete -c quorate -n "__fish_quorate_using_subcommand doctor" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand doctor" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand doctor" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand recover" -l combine -d 'From what servers sealed for you (.recovery.json), on your own device' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand recover" -l key -d 'From servers that hold their shares: the key\'s keyId' -r
complete -c quorate -n "__fish_quorate_using_subcommand recover" -l owner -d 'With --key in rehearsal: the enrolled person whose device makes the key whole' -r
complete -c quorate -n "__fish_quorate_using_subcommand recover" -l servers -d 'With --key in rehearsal: exactly t servers; default: the first that hold a share' -r
complete -c quorate -n "__fish_quorate_using_subcommand recover" -l out-dir -d 'Where the servers\' sealed shares go, if nothing is combined here' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand recover" -l receipts -d 'Where the device\'s receipts for the servers go' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand recover" -l shard -d 'A shard; repeat for at least t of the same key and epoch' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand recover" -l identity -d 'An identity that opens one of the shards, or what servers sealed; repeat, in the order of their passphrases' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand recover" -l guardian-share -d 'Guardians\' shares that restore an identity in memory: text, photos, scans, age files' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand recover" -l guardian-identity -d 'Opens a guardian\'s encrypted share: their identity file, or an age key file' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand recover" -l guardian-set -d 'The guardian set of those shares: each is checked to the bit, and a damaged one named' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand recover" -l reason -d 'Why; it goes into the log and the notice. An approved request has its own' -r
complete -c quorate -n "__fish_quorate_using_subcommand recover" -l requester -d 'The identity of whoever asks' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand recover" -l request -d 'A request for just this that others have approved; repeat for several' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand recover" -l approval -d 'An approval of one of those requests; repeat for each' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand recover" -l to -d 'Encrypt the key to this age recipient, or to that of a person\'s card' -r
complete -c quorate -n "__fish_quorate_using_subcommand recover" -l out -d 'The age file to write' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand recover" -l format -d 'How the key is written; each curve has its own' -r -f -a "hex\t'The scalar, big-endian (all but the Edwards curves; their default)'
wif\t'SECP256k1, SECP256K1_SCHNORR: wallet import format, compressed'
eth\t'SECP256k1: 0x and hex; the address is told'
pkcs8-pem\t'P256, P384, P521: for OpenSSL and the like'
bip340\t'SECP256K1_SCHNORR: the scalar of the point with even y'
scalar\t'ED25519, ED448: the little-endian scalar; not a seed'"
complete -c quorate -n "__fish_quorate_using_subcommand recover" -l network -d 'With --format wif: for which network' -r -f -a "mainnet\t''
testnet\t''"
complete -c quorate -n "__fish_quorate_using_subcommand recover" -l notice -d 'The exposure notice to write; default: <keyId>.exposure.json beside --out, or here' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand recover" -l confirm -d 'The words of a card given with --to that is not enrolled; else you are asked' -r
complete -c quorate -n "__fish_quorate_using_subcommand recover" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand recover" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand recover" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand recover" -l offline -d 'From shards and identities, on this machine, without any server'
complete -c quorate -n "__fish_quorate_using_subcommand recover" -l delete-after-recover -d 'With --key in rehearsal: the servers delete their shares once that device has signed for them'
complete -c quorate -n "__fish_quorate_using_subcommand recover" -l unapproved -d 'With --offline in production: without the agreement of others, where nobody is left to give it; the log says so'
complete -c quorate -n "__fish_quorate_using_subcommand recover" -l reveal -d 'Show the key on this terminal, after a typed confirmation'
complete -c quorate -n "__fish_quorate_using_subcommand recover" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand recover" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand recover" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand recover" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand selftest" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand selftest" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand selftest" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand selftest" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand selftest" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand selftest" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand selftest" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand ceremony; and not __fish_seen_subcommand_from run check help" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand ceremony; and not __fish_seen_subcommand_from run check help" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand ceremony; and not __fish_seen_subcommand_from run check help" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand ceremony; and not __fish_seen_subcommand_from run check help" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand ceremony; and not __fish_seen_subcommand_from run check help" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand ceremony; and not __fish_seen_subcommand_from run check help" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand ceremony; and not __fish_seen_subcommand_from run check help" -s h -l help -d 'Print help'
complete -c quorate -n "__fish_quorate_using_subcommand ceremony; and not __fish_seen_subcommand_from run check help" -f -a "run" -d 'Runs a ceremony script, in a throwaway workspace unless --home is given'
complete -c quorate -n "__fish_quorate_using_subcommand ceremony; and not __fish_seen_subcommand_from run check help" -f -a "check" -d 'Checks a ceremony script and the command line of every step; runs nothing'
complete -c quorate -n "__fish_quorate_using_subcommand ceremony; and not __fish_seen_subcommand_from run check help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c quorate -n "__fish_quorate_using_subcommand ceremony; and __fish_seen_subcommand_from run" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand ceremony; and __fish_seen_subcommand_from run" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand ceremony; and __fish_seen_subcommand_from run" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand ceremony; and __fish_seen_subcommand_from run" -l unattended -d 'Do not wait for anybody\'s confirmation (rehearsals only)'
complete -c quorate -n "__fish_quorate_using_subcommand ceremony; and __fish_seen_subcommand_from run" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand ceremony; and __fish_seen_subcommand_from run" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand ceremony; and __fish_seen_subcommand_from run" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand ceremony; and __fish_seen_subcommand_from run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand ceremony; and __fish_seen_subcommand_from check" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand ceremony; and __fish_seen_subcommand_from check" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand ceremony; and __fish_seen_subcommand_from check" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand ceremony; and __fish_seen_subcommand_from check" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand ceremony; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand ceremony; and __fish_seen_subcommand_from check" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand ceremony; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand ceremony; and __fish_seen_subcommand_from help" -f -a "run" -d 'Runs a ceremony script, in a throwaway workspace unless --home is given'
complete -c quorate -n "__fish_quorate_using_subcommand ceremony; and __fish_seen_subcommand_from help" -f -a "check" -d 'Checks a ceremony script and the command line of every step; runs nothing'
complete -c quorate -n "__fish_quorate_using_subcommand ceremony; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c quorate -n "__fish_quorate_using_subcommand completions" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand completions" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand completions" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand completions" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand completions" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand completions" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand man" -l out-dir -d 'An existing directory; pages of the same name there are replaced' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand man" -l home -d 'The workspace; else the environment\'s QUORATE_HOME, else ~/.quorate' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand man" -l passphrase-file -d 'Take the passphrase from a file that only you can read; repeat for several, in order' -r -F
complete -c quorate -n "__fish_quorate_using_subcommand man" -l passphrase-fd -d 'Take the passphrase from an open file descriptor; repeat for several, in order' -r
complete -c quorate -n "__fish_quorate_using_subcommand man" -l json -d 'Print one JSON object instead of text; errors too'
complete -c quorate -n "__fish_quorate_using_subcommand man" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c quorate -n "__fish_quorate_using_subcommand man" -l no-progress -d 'Draw no progress bars'
complete -c quorate -n "__fish_quorate_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c quorate -n "__fish_quorate_using_subcommand help; and not __fish_seen_subcommand_from init key aux node person policy sign request approve verify custodian guardian share audit doctor recover selftest ceremony completions man help" -f -a "init" -d 'Makes a workspace with its nodes and a rehearsal genesis'
complete -c quorate -n "__fish_quorate_using_subcommand help; and not __fish_seen_subcommand_from init key aux node person policy sign request approve verify custodian guardian share audit doctor recover selftest ceremony completions man help" -f -a "key" -d 'Threshold keys'
complete -c quorate -n "__fish_quorate_using_subcommand help; and not __fish_seen_subcommand_from init key aux node person policy sign request approve verify custodian guardian share audit doctor recover selftest ceremony completions man help" -f -a "aux" -d 'Paillier data of ECDSA keys'
complete -c quorate -n "__fish_quorate_using_subcommand help; and not __fish_seen_subcommand_from init key aux node person policy sign request approve verify custodian guardian share audit doctor recover selftest ceremony completions man help" -f -a "node" -d 'The nodes that hold shares'
complete -c quorate -n "__fish_quorate_using_subcommand help; and not __fish_seen_subcommand_from init key aux node person policy sign request approve verify custodian guardian share audit doctor recover selftest ceremony completions man help" -f -a "person" -d 'The people whom the nodes know: custodians, approvers and others'
complete -c quorate -n "__fish_quorate_using_subcommand help; and not __fish_seen_subcommand_from init key aux node person policy sign request approve verify custodian guardian share audit doctor recover selftest ceremony completions man help" -f -a "policy" -d 'Who decides: people, roles and quorums of the genesis'
complete -c quorate -n "__fish_quorate_using_subcommand help; and not __fish_seen_subcommand_from init key aux node person policy sign request approve verify custodian guardian share audit doctor recover selftest ceremony completions man help" -f -a "sign" -d 'Signs a message with any quorum of servers'
complete -c quorate -n "__fish_quorate_using_subcommand help; and not __fish_seen_subcommand_from init key aux node person policy sign request approve verify custodian guardian share audit doctor recover selftest ceremony completions man help" -f -a "request" -d 'Requests that custodians grant on their own machines'
complete -c quorate -n "__fish_quorate_using_subcommand help; and not __fish_seen_subcommand_from init key aux node person policy sign request approve verify custodian guardian share audit doctor recover selftest ceremony completions man help" -f -a "approve" -d 'Agrees to a request, field by field'
complete -c quorate -n "__fish_quorate_using_subcommand help; and not __fish_seen_subcommand_from init key aux node person policy sign request approve verify custodian guardian share audit doctor recover selftest ceremony completions man help" -f -a "verify" -d 'Verifies any signature, offline and without a workspace'
complete -c quorate -n "__fish_quorate_using_subcommand help; and not __fish_seen_subcommand_from init key aux node person policy sign request approve verify custodian guardian share audit doctor recover selftest ceremony completions man help" -f -a "custodian" -d 'A custodian\'s own identity: an age key and an approval key under one passphrase'
complete -c quorate -n "__fish_quorate_using_subcommand help; and not __fish_seen_subcommand_from init key aux node person policy sign request approve verify custodian guardian share audit doctor recover selftest ceremony completions man help" -f -a "guardian" -d 'Guardians hold an identity\'s shares on paper: some of them together restore it, fewer learn nothing'
complete -c quorate -n "__fish_quorate_using_subcommand help; and not __fish_seen_subcommand_from init key aux node person policy sign request approve verify custodian guardian share audit doctor recover selftest ceremony completions man help" -f -a "share" -d 'Shares outside of nodes: shards that custodians hold, and their way from one to the next'
complete -c quorate -n "__fish_quorate_using_subcommand help; and not __fish_seen_subcommand_from init key aux node person policy sign request approve verify custodian guardian share audit doctor recover selftest ceremony completions man help" -f -a "audit" -d 'Signed, hash-chained logs'
complete -c quorate -n "__fish_quorate_using_subcommand help; and not __fish_seen_subcommand_from init key aux node person policy sign request approve verify custodian guardian share audit doctor recover selftest ceremony completions man help" -f -a "doctor" -d 'Lists operations that stopped half-way, the copies of every share, and what finishes each'
complete -c quorate -n "__fish_quorate_using_subcommand help; and not __fish_seen_subcommand_from init key aux node person policy sign request approve verify custodian guardian share audit doctor recover selftest ceremony completions man help" -f -a "recover" -d 'Makes a private key whole from its shares: the last resort, after which the key is exposed'
complete -c quorate -n "__fish_quorate_using_subcommand help; and not __fish_seen_subcommand_from init key aux node person policy sign request approve verify custodian guardian share audit doctor recover selftest ceremony completions man help" -f -a "selftest" -d 'Runs known-answer tests of everything cryptographic'
complete -c quorate -n "__fish_quorate_using_subcommand help; and not __fish_seen_subcommand_from init key aux node person policy sign request approve verify custodian guardian share audit doctor recover selftest ceremony completions man help" -f -a "ceremony" -d 'Scripted ceremonies'
complete -c quorate -n "__fish_quorate_using_subcommand help; and not __fish_seen_subcommand_from init key aux node person policy sign request approve verify custodian guardian share audit doctor recover selftest ceremony completions man help" -f -a "completions" -d 'Prints the completion script for a shell'
complete -c quorate -n "__fish_quorate_using_subcommand help; and not __fish_seen_subcommand_from init key aux node person policy sign request approve verify custodian guardian share audit doctor recover selftest ceremony completions man help" -f -a "man" -d 'Writes the manual pages'
complete -c quorate -n "__fish_quorate_using_subcommand help; and not __fish_seen_subcommand_from init key aux node person policy sign request approve verify custodian guardian share audit doctor recover selftest ceremony completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "generate" -d 'Generates a threshold key over the nodes'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "list" -d 'Lists the keys of this workspace, incomplete ones too'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "show" -d 'Shows one key: public key, servers, key card, spoken words'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "resume" -d 'Finishes a key generation that was interrupted'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "abandon" -d 'Gives up a key whose generation was never completed'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "alias" -d 'Gives a key a second id, for shares that are imported anew; all its servers sign it'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "locks" -d 'Lists whom the servers of a key do not work with, and why'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "unlock" -d 'Has the servers of a key work again with a server that misbehaved'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "mark-exposed" -d 'Tells the servers that a key was recovered somewhere: they sign with it no more'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "rebuild-inventory" -d 'Writes lost key cards into the workspace again, from shards'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from aux" -f -a "renew" -d 'Makes new Paillier data for an ECDSA key on its servers'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from node" -f -a "list" -d 'Lists the nodes of this workspace'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from node" -f -a "status" -d 'Shows what nodes hold, in their own signed words: shares, aux, primes, open shares, log head'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from node" -f -a "card" -d 'Prints a node\'s public, self-signed card'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from node" -f -a "pin" -d 'Pins a node set on a machine without nodes, after one comparison of its words'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from node" -f -a "confirm" -d 'Confirms the words of a production genesis at a node\'s own console'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from node" -f -a "recipient" -d 'Prints a node\'s age recipient with its proof of possession'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from node" -f -a "replace" -d 'Puts a new node in the place of another one, which may be lost'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from person" -f -a "add" -d 'Enrols a person after one comparison of their card\'s words'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from person" -f -a "update" -d 'Takes a person\'s new card, vouched for by the identity it replaces'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from person" -f -a "list" -d 'Lists the people of the genesis in force'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from policy" -f -a "show" -d 'Shows people and quorums of the genesis in force, or of a proposal'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from policy" -f -a "propose" -d 'Proposes the first genesis of a production set, or a change of it'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from policy" -f -a "adopt" -d 'Signs the first genesis of a production set, or brings a proposal into force'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from policy" -f -a "check" -d 'Says whether a proposal can be adopted, and whose agreement is missing'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from sign" -f -a "grant" -d 'Agrees to a request and encrypts this shard\'s share for it, once'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from sign" -f -a "run" -d 'Signs a request with the grants of its custodians'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from request" -f -a "new" -d 'Makes a request'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from request" -f -a "show" -d 'Shows a request: what would be done, its words, who must grant it'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from request" -f -a "status" -d 'Says what each approval of a request is worth, and who is missing'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from request" -f -a "renew" -d 'Makes new one-time recipients for a request whose run failed'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from request" -f -a "cancel" -d 'Gives a request up: its servers never carry it out, and destroy what waits for grants'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from custodian" -f -a "keygen" -d 'Makes an identity on this machine: a file under a passphrase, and a public card beside it'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from custodian" -f -a "show" -d 'Shows the public parts of an identity file; asks for no passphrase'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from custodian" -f -a "card" -d 'Writes the public card of an identity again, if the first one was lost'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from custodian" -f -a "passphrase" -d 'Changes the passphrase of an identity file; the old file stands until the new one was opened'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from custodian" -f -a "unlock-check" -d 'Opens an identity with its passphrase, checks that its keys are the ones it names, and forgets them'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from custodian" -f -a "challenge" -d 'Makes a challenge that only the holder of a card\'s secrets can answer'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from custodian" -f -a "prove" -d 'Answers a challenge: decrypts what was sealed to this identity, and signs'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from custodian" -f -a "verify" -d 'Checks a person\'s card, and a proof that its holder has both secrets now'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from guardian" -f -a "split" -d 'Splits an identity among guardians and rehearses every combination that must restore it'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from guardian" -f -a "check" -d 'Checks a guardian\'s share alone against its commitment, and notes in the set that it was read back'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from guardian" -f -a "scan" -d 'Reads sheets from photos or scans (PNG, JPEG, PDF) and says which shares they are'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from guardian" -f -a "combine" -d 'Restores an identity from enough guardians\' shares and puts it under a new passphrase at once'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from guardian" -f -a "recreate" -d 'Makes the identical share of one guardian again, from enough of the others'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from guardian" -f -a "replace" -d 'Makes a new identity with new guardians in the place of an old one'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from share" -f -a "export" -d 'Gives shares to their custodians, encrypted; with --delete the nodes delete against receipts'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from share" -f -a "receive" -d 'Takes a shard in: copies it to your own medium, opens it there, and signs the receipt'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from share" -f -a "release" -d 'Has servers delete the shares that their custodians have signed for'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from share" -f -a "import" -d 'Puts a share back on its server to stay; no identity is needed here'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from share" -f -a "inspect" -d 'Shows what a shard is, and says what of it was checked'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from share" -f -a "rewrap" -d 'Encrypts shards again on this machine: for your new identity, a successor, or a node'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from share" -f -a "destroy-old" -d 'Destroys a shard that was replaced, after its replacement was seen to hold the same share'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from share" -f -a "list" -d 'Lists where copies of shares are, and which quorums they make'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from audit" -f -a "show" -d 'Shows the end of the audit logs'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from audit" -f -a "verify" -d 'Checks logs, receipts and key cards against each other; needs public keys only'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from audit" -f -a "head" -d 'Shows where each log stands, to be written down or sent to the auditor'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from audit" -f -a "export" -d 'Writes one file for an outside auditor: all logs, the genesis, key cards, receipts; no secret'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from ceremony" -f -a "run" -d 'Runs a ceremony script, in a throwaway workspace unless --home is given'
complete -c quorate -n "__fish_quorate_using_subcommand help; and __fish_seen_subcommand_from ceremony" -f -a "check" -d 'Checks a ceremony script and the command line of every step; runs nothing'
