// What `polltls` says about itself.

export const usage = `polltls client HOST:PORT [options]     connect, send stdin, print what comes back
polltls server [options]               accept, and echo or answer HTTP
polltls keygen [--type p256|p384|ed25519|rsa] [--bits N] [--out FILE] [--public FILE] [--engine xs [--store FOLDER]]
polltls cert self|request --key FILE --subject NAME [--san NAME]... [--days N] [--ca] [--out FILE]
polltls cert issue --ca-cert FILE --ca-key FILE [--days N] [--out FILE] REQUEST
polltls cert verify --ca FILE [--chain FILE] [--name NAME] [--time EPOCH] [--purpose server|client] [--crl FILE]
                    [--max-depth N] [--profile path|strict|web] [--pin SHA256] LEAF
polltls cert verify --batch FILE       one JSON object a line: id, ca, chain, leaf, name, time, purpose, maxDepth, crls
polltls cert show FILE...              certificates, requests and CRLs as text
polltls cert bundle --out FILE PEM...  trusted certificates in the compact format of a device
polltls trust HOST:PORT [--ca FILE] [--out FILE] [--bundle FILE]   which trusted certificate a device needs

client and server:
  --ca FILE             trusted certificates, PEM or DER (repeatable)
  --crl FILE            revoked certificates of an authority, PEM or DER (repeatable)
  --pin SHA256          the peer's public key, as the hash of its SubjectPublicKeyInfo (repeatable)
  --peer-key FILE       the peer's raw public key (RFC 7250), PEM or DER (repeatable)
  --insecure            do not verify the peer: anybody can be it
  --cert FILE --key FILE   own chain and key, PEM or DER (repeatable)
  --rpk FILE            show the public half of this private key as a raw public key, in place of a certificate
  --min V --max V       versions: 1.2, 1.3
  --suites A,B          IANA names, first choice first
  --groups A,B          x25519, secp256r1, ...
  --sigalgs A,B         ecdsa_secp256r1_sha256, rsa_pss_rsae_sha256, ...
  --psk HEX --psk-identity NAME   a pre-shared key
  --psk-import CONTEXT  1.3: use the pre-shared key imported (RFC 9258), under this context; it may be ""
  --alpn A,B            application protocols
  --record-size-limit N ask the peer for records of at most N bytes
  --max-fragment N      client: ask for records of 512, 1024, 2048 or 4096 bytes (RFC 6066)
  --profile web|iot     16 KB or 2 KB buffers
  --time EPOCH          judge certificates by this time
  --keylog FILE         secrets for a traffic analyser
  --crypto node|noble   who does hashes and ciphers
  --engine node|xs      where the stack runs: in Node, or in the XS engine as on a device
  --heartbeat           offer heartbeats (RFC 6520), take the peer's, send one as soon as the connection is open
  --renegotiate         1.2: a second handshake as soon as the connection is open; the peer may ask for one
  --key-update          exchange keys as soon as the connection is open
  --dtls                over UDP
  --mtu N               with --dtls: the largest datagram that is sent (1400)
  --cid HEX|auto        with --dtls: offer or take connection ids; ours, or a random one. A server chooses one for each client
  --retransmit MS       with --dtls: when a lost flight is sent again first (1000)
  --loss SHARE --seed N with --dtls: throw away a share of what is sent, such as 20%
  --trace               each state of the handshake on stderr
  --json                a report of each connection on stderr
client:
  --servername NAME     the name to ask for and to verify, if it isn't HOST
  --send TEXT           send this instead of stdin
  --http PATH           one GET, print the body
  --resume FILE         resume the session in it, if it is there, and keep the new one
  --save FILE           with --dtls: after the input put the open connection to sleep in FILE instead of closing it
  --restore FILE        with --dtls: go on with the connection in FILE
  --status              ask for an OCSP response with the certificate, and check it
  --early-data FILE     with --resume: send it as 0-RTT data (it can be replayed), else after the handshake
server:
  --port N --host ADDRESS   127.0.0.1 and a free port if they aren't given
  --echo, --http        what to do: echo is the default
  --verify-client request|require
  --servername-cert NAME=CERT,KEY   another certificate for a name (repeatable)
  --tickets N, --no-tickets   session tickets a connection gives (1)
  --tell-time           1.2: begin the random with the time, as --time says it, for devices that have none
  --max-early-data N    take up to N bytes of 0-RTT data a connection (0)
  --staple FILE         an OCSP response (DER) about the first --cert, for clients that ask
  --no-cookie           with --dtls: answer a first ClientHello without proof of its address
  --coap                with --dtls: a CoAP server with a few resources
  --connections N       end after N

Exit code: 0 after a proper close, else the public return code; 2 for a wrong call.
`;
