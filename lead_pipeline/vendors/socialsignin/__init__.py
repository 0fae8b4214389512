"""SocialSignIn (Orlo): asks us who somebody is, while an agent is typing. See README.md."""
