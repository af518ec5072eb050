"""Nobody gets a name or a password that cannot sign in."""


def keep_signing_in(store):
    from mlflow.exceptions import MlflowException

    create, update = store.create_user, store.update_user

    def look(name, password):
        text = name + (password or "")
        if ":" in name or not (text.isascii() and text.isprintable()):
            raise MlflowException.invalid_parameter_value(
                "Names and passwords are of printable ASCII characters, names without ':'."
            )

    def creating(self, username, password, *rest, **more):
        look(str(username), str(password))
        return create(self, username, password, *rest, **more)

    def updating(self, username, password=None, *rest, **more):
        look("", str(password or ""))
        return update(self, username, password, *rest, **more)

    store.create_user, store.update_user = creating, updating
