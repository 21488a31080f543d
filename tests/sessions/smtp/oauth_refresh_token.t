# A refresh token, and what it is kept in, do not help where there is no token endpoint.
refuse 127.0.0.1
file  secret
	s3cr3t-of-the-client
file  refresh
	1//refresh-token
run   check_mail_smtp -H 127.0.0.1 -p @PORT@ --tls=starttls -U probe --oauth-endpoint=https://127.0.0.1:@PORT@/token --oauth-client-id=probe --oauth-client-secret-file=@DIR@/secret --oauth-client-auth=basic --oauth-refresh-token-file=@DIR@/refresh --oauth-cache=@DIR@/cache --oauth-scope=https://mail.example/
exit  2
out   SMTP CRITICAL - token: oauth_token: 127.0.0.1: Connection refused*
secret s3cr3t-of-the-client
secret 1//refresh-token
