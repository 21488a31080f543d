# Where there is no token endpoint, there is nothing to say to the server.
refuse 127.0.0.1
file  secret
	s3cr3t-of-the-client
run   check_mail_imap -H 127.0.0.1 -p @PORT@ --tls=starttls -U probe --oauth-endpoint=https://127.0.0.1:@PORT@/token --oauth-client-id=probe --oauth-client-secret-file=@DIR@/secret
exit  2
out   IMAP CRITICAL - token: oauth_token: 127.0.0.1: Connection refused*
secret s3cr3t-of-the-client
